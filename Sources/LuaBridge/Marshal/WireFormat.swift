import CLua

/// The kinds of frame and of value, and their limits, as the C side has them.
enum WireFormat {
    static let version = Int64(GEUSE_PROTOCOL_VERSION)
    static let frameLimit = Int(GEUSE_FRAME_LIMIT)
    static let depthLimit = Int(GEUSE_DEPTH_LIMIT)
    static let valueLimit = Int(GEUSE_VALUE_LIMIT)
    static let keyLimit = Int(GEUSE_KEY_LIMIT)
    /// Frames put up to two lists around a value of the script.
    static let framing = 2

    enum FrameKind: UInt8 {
        case start = 0x01
        case returned = 0x02
        case error = 0x03
        case source = 0x04
        case ready = 0x11
        case call = 0x12
        case require = 0x13
        case done = 0x14
        case failed = 0x15
        case position = 0x16
    }

    enum Tag: UInt8 {
        case `nil` = 0
        case `false` = 1
        case `true` = 2
        case integer = 3
        case double = 4
        case string = 5
        case list = 6
        case map = 7
    }
}

/// A malformed frame or value; it always means that the worker can't be trusted any more.
struct WireError: Error, Equatable {
    let reason: String
    init(_ reason: String) { self.reason = reason }
}
