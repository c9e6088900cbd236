import Glibc

/// C copies of strings that live as long as this object.
final class CStrings {
    private let single: [UnsafeMutablePointer<CChar>?]
    private let owned: [UnsafeMutablePointer<CChar>?]
    /// The list with a null pointer at its end.
    let list: [UnsafePointer<CChar>?]

    init(_ strings: [String], list: [String]) {
        single = strings.map { strdup($0) }
        owned = list.map { strdup($0) }
        self.list = owned.map { $0.map { UnsafePointer($0) } } + [nil]
    }

    deinit {
        for pointer in single + owned { free(pointer) }
    }

    /// The list as `posix_spawn` wants it, which does not change the strings.
    var mutable: [UnsafeMutablePointer<CChar>?] { owned + [nil] }

    /// The copy of the string at that place.
    subscript(index: Int) -> UnsafePointer<CChar>? { single[index].map { UnsafePointer($0) } }
}
