/// Works out how an image text with variables is to be edited so that it resolves to a new image.
struct ImageRewrite {
    /// A stretch of the image as it resolves now.
    private struct Segment {
        /// What it resolves to.
        var value: String
        /// Where it stands in the template; nil for the value of a variable, which can't be edited.
        var range: Range<Int>?
    }

    /// Why a text can't be edited.
    enum Failure: Error, Equatable {
        /// The variables don't explain what compose resolves.
        case unexplained
        /// These variables are set and would have to change.
        case variables([String])
    }

    /// The template with the new image written into its literals and defaults.
    ///
    /// - Parameters:
    ///   - template: the text of the scalar.
    ///   - resolved: what compose makes of it now.
    ///   - image: what it has to make of it.
    /// - Returns: the new text.
    /// - Throws: `Failure`.
    static func text(_ template: String, resolved: String, image: String) throws(Failure) -> String
    {
        guard let parsed = ImageTemplate(template) else { throw .unexplained }
        var explanation = Explanation()
        guard let segments = explanation.segments(parsed.parts[...], Substring(resolved)) else {
            throw .unexplained
        }
        let values = segments.map(\.value)
        for candidate in [sameShape(values, image), oneSegment(segments, image)] {
            guard let candidate,
                zip(segments, candidate).allSatisfy({ $0.range != nil || $0.value == $1 })
            else { continue }
            return write(candidate, into: template, segments)
        }
        throw .variables(explanation.set.isEmpty ? parsed.variables : explanation.set)
    }

    /// Splits what compose resolves into the template's pieces, trying defaults first.
    private struct Explanation {
        /// The variables whose default is not in force.
        var set: [String] = []
        /// Bounds the search: a text of many variables can be split in very many ways.
        var budget = 50_000

        mutating func segments(
            _ parts: ArraySlice<ImageTemplate.Part>,
            _ text: Substring
        ) -> [Segment]? {
            budget -= 1
            guard budget > 0 else { return nil }
            guard let first = parts.first else { return text.isEmpty ? [] : nil }
            let rest = parts.dropFirst()
            switch first {
            case .literal(let literal, let range):
                guard text.hasPrefix(literal),
                    let tail = segments(rest, text.dropFirst(literal.count))
                else { return nil }
                return [Segment(value: literal, range: range)] + tail
            case .variable(let name, default: let inner):
                let before = set
                if let inner, let tail = segments(inner + rest, text) { return tail }
                for length in stride(from: text.count, through: 0, by: -1) {
                    set = before
                    guard let tail = segments(rest, text.dropFirst(length)) else { continue }
                    set.insert(name, at: before.count)
                    return [Segment(value: String(text.prefix(length)), range: nil)] + tail
                }
                set = before
                return nil
            }
        }
    }

    /// New values when one editable segment takes up all of the difference.
    private static func oneSegment(_ segments: [Segment], _ image: String) -> [String]? {
        let editable = segments.indices.filter { segments[$0].range != nil }
        // Text that is there is changed rather than an empty default filled.
        let order =
            editable.filter { !segments[$0].value.isEmpty }
            + editable.filter { segments[$0].value.isEmpty }
        for index in order {
            let before = segments[..<index].map(\.value).joined()
            let after = segments[(index + 1)...].map(\.value).joined()
            guard image.hasPrefix(before), image.dropFirst(before.count).hasSuffix(after) else {
                continue
            }
            var values = segments.map(\.value)
            values[index] = String(image.dropFirst(before.count).dropLast(after.count))
            // An empty default would leave the variable without one.
            guard !values[index].isEmpty || segments[index].value.isEmpty else { continue }
            return values
        }
        return nil
    }

    /// New values when old and new image have the same separators, word for word.
    private static func sameShape(_ values: [String], _ image: String) -> [String]? {
        let old = words(values.joined())
        let new = words(image)
        guard old.count == new.count,
            zip(old, new).allSatisfy({ isSeparator($0) == isSeparator($1) }),
            zip(old, new).allSatisfy({ !isSeparator($0) || $0 == $1 })
        else { return nil }
        var result: [String] = []
        var index = 0
        var offset = 0
        for value in values {
            var rest = value.count
            var text = ""
            while rest > 0 {
                let left = old[index].count - offset
                if offset == 0, left <= rest {
                    text += new[index]
                } else if old[index] == new[index] {
                    text += new[index].dropFirst(offset).prefix(rest)
                } else {
                    return nil
                }
                let used = min(left, rest)
                rest -= used
                offset = used == left ? 0 : offset + used
                if used == left { index += 1 }
            }
            result.append(text)
        }
        return result
    }

    private static func isSeparator(_ word: String) -> Bool { ["/", ":", "@"].contains(word) }

    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        for character in text {
            if isSeparator(String(character)) || words.last.map(isSeparator) ?? true {
                words.append(String(character))
            } else {
                words[words.count - 1].append(character)
            }
        }
        return words
    }

    private static func write(
        _ values: [String],
        into template: String,
        _ segments: [Segment]
    ) -> String {
        var bytes = Array(template.utf8)
        for (segment, value) in zip(segments, values).reversed() {
            guard let range = segment.range else { continue }
            bytes.replaceSubrange(range, with: Array(value.utf8))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
