import Foundation

/// CLIP's byte-pair tokenizer: lower-cased text to exactly `contextLength` ids.
///
/// Longer texts are cut, and the last id is then the end mark (Apple's sample overruns there).
public final class CLIPTokenizer {
    public enum Failure: Error, Equatable {
        case unreadable(String)
    }

    public let contextLength: Int
    private static let starts = ["<start_of_text>", "<|startoftext|>"]
    private static let ends = ["<end_of_text>", "<|endoftext|>"]
    private let vocabulary: [String: Int]
    private let ranks: [String: Int]
    private let byteSymbols: [String]
    private let pattern: NSRegularExpression
    private let start: Int
    private let end: Int
    private let padding: Int
    private var known: [String: [Int]] = [:]
    private let lock = NSLock()

    /// Read a `tokenizer.json` with a `model` of type BPE.
    public init(json: Data, contextLength: Int = 77, padding: Int = 0) throws {
        let model = try JSONDecoder().decode(TokenizerFile.self, from: json).model
        let vocabulary = model.vocab
        let starts = CLIPTokenizer.starts.compactMap { vocabulary[$0] }
        let ends = CLIPTokenizer.ends.compactMap { vocabulary[$0] }
        guard let start = starts.first, let end = ends.first else {
            throw Failure.unreadable("the vocabulary has no start and end marks")
        }
        self.contextLength = contextLength
        self.vocabulary = vocabulary
        self.ranks = CLIPTokenizer.ranks(model.merges)
        self.byteSymbols = CLIPTokenizer.makeByteSymbols()
        self.start = start
        self.end = end
        self.padding = padding
        self.pattern = try NSRegularExpression(
            pattern:
                "<\\|startoftext\\|>|<\\|endoftext\\|>|<start_of_text>|<end_of_text>|'s|'t|'re|'ve|'m|'ll|'d|[\\p{L}]+|[\\p{N}]|[^\\s\\p{L}\\p{N}]+",
            options: [.caseInsensitive])
    }

    /// The ids of a text: start, text, end, then padding.
    public func encode(_ text: String) -> [Int32] {
        var ids: [Int] = [start]
        for word in words(clean(text)) {
            ids.append(contentsOf: encodeWord(word))
            if ids.count >= contextLength {
                break
            }
        }
        ids.append(end)
        if ids.count > contextLength {
            ids = Array(ids[0..<contextLength])
            ids[contextLength - 1] = end
        }
        while ids.count < contextLength {
            ids.append(padding)
        }
        return ids.map { Int32($0) }
    }

    /// What the kiosk does to a text, but for mending mojibake: entities, typographic
    /// quotes, full-width letters, white space and case.
    private func clean(_ text: String) -> String {
        var composed = text.precomposedStringWithCanonicalMapping
        for (written, meant) in CLIPTokenizer.replacements {
            composed = composed.replacingOccurrences(of: written, with: meant)
        }
        composed = CLIPTokenizer.halfWidth(composed)
        let parts = composed.components(separatedBy: CharacterSet.whitespacesAndNewlines)
        return parts.filter { !$0.isEmpty }.joined(separator: " ").lowercased()
    }

    private func words(_ text: String) -> [String] {
        let whole = NSRange(text.startIndex..<text.endIndex, in: text)
        return pattern.matches(in: text, options: [], range: whole).compactMap { match in
            guard let range = Range(match.range, in: text) else { return nil }
            return String(text[range])
        }
    }

    private func encodeWord(_ word: String) -> [Int] {
        if CLIPTokenizer.starts.contains(word) {
            return [start]
        }
        if CLIPTokenizer.ends.contains(word) {
            return [end]
        }
        lock.lock()
        defer { lock.unlock() }
        if let ids = known[word] {
            return ids
        }
        var symbols = Array(word.utf8).map { byteSymbols[Int($0)] }
        if let last = symbols.popLast() {
            symbols.append(last + "</w>")
        }
        let ids = merge(symbols).compactMap { vocabulary[$0] }
        known[word] = ids
        return ids
    }

    private func merge(_ given: [String]) -> [String] {
        var symbols = given
        while symbols.count > 1 {
            var best = Int.max
            for index in 0..<(symbols.count - 1) {
                let rank = ranks[CLIPTokenizer.pair(symbols[index], symbols[index + 1])] ?? Int.max
                best = min(best, rank)
            }
            if best == Int.max {
                break
            }
            var joined: [String] = []
            var index = 0
            while index < symbols.count {
                if index + 1 < symbols.count,
                    ranks[CLIPTokenizer.pair(symbols[index], symbols[index + 1])] == best
                {
                    joined.append(symbols[index] + symbols[index + 1])
                    index += 2
                } else {
                    joined.append(symbols[index])
                    index += 1
                }
            }
            symbols = joined
        }
        return symbols
    }

    /// No symbol contains a space, so a space joins two without doubt.
    private static func pair(_ left: String, _ right: String) -> String {
        return left + " " + right
    }

    private static let replacements: [(String, String)] = [
        ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&"),
        ("\u{2018}", "'"), ("\u{2019}", "'"), ("\u{201C}", "\""), ("\u{201D}", "\""),
        ("\u{3000}", " "),
    ]

    /// U+FF01 to U+FF5E are the ASCII characters in the width of Chinese ones.
    private static func halfWidth(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.value >= 0xFF01 && scalar.value <= 0xFF5E,
                let narrow = UnicodeScalar(scalar.value - 0xFEE0)
            {
                scalars.append(narrow)
            } else {
                scalars.append(scalar)
            }
        }
        return String(scalars)
    }

    /// The earlier a merge comes, the stronger it is.
    private static func ranks(_ merges: [Merge]) -> [String: Int] {
        var result: [String: Int] = [:]
        for (rank, merge) in merges.enumerated() {
            result[pair(merge.left, merge.right)] = rank
        }
        return result
    }

    /// GPT-2's table: printable bytes stand for themselves, the others for 256 and up.
    private static func makeByteSymbols() -> [String] {
        var printable = Set<Int>()
        for range in [33...126, 161...172, 174...255] {
            printable.formUnion(range)
        }
        var result: [String] = []
        var next = 256
        for byte in 0..<256 {
            var code = byte
            if !printable.contains(byte) {
                code = next
                next += 1
            }
            result.append(String(UnicodeScalar(UInt32(code)).map { Character($0) } ?? "?"))
        }
        return result
    }
}

private struct TokenizerFile: Decodable {
    let model: Model

    struct Model: Decodable {
        let vocab: [String: Int]
        let merges: [Merge]
    }
}

/// Two symbols that become one; written as "a b" or as ["a", "b"].
private struct Merge: Decodable {
    let left: String
    let right: String

    init(from decoder: Decoder) throws {
        let container = try decoder.singleValueContainer()
        let parts: [String]
        if let text = try? container.decode(String.self) {
            parts = text.components(separatedBy: " ")
        } else {
            parts = try container.decode([String].self)
        }
        guard parts.count == 2 else {
            throw CLIPTokenizer.Failure.unreadable("a merge of \(parts.count) symbols")
        }
        left = parts[0]
        right = parts[1]
    }
}
