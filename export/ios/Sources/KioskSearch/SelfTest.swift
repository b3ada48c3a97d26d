import Foundation

#if canImport(CoreML) && canImport(CoreGraphics) && canImport(CoreImage) && canImport(ImageIO)
import CoreGraphics
import ImageIO
#endif

/// Does this phone answer as the kiosk does? Run it when the app starts.
public struct SelfTest: Sendable {
    /// Sentences about what differs; empty when all is well.
    public let failures: [String]
    /// The smallest cosine between a vector of this phone and the kiosk's; nil if none was made.
    public let cosineMin: Float?

    public var passed: Bool {
        return failures.isEmpty
    }

    /// The answers alone, from the golden vectors: needs no Core ML.
    public static func answers(bundle: KioskBundle, recogniser: Recogniser) -> SelfTest {
        var failures: [String] = []
        for golden in bundle.goldens.pictures {
            let answer = recogniser.recognise([bundle.goldenVectors.row(golden.row)])
            if let problem = difference(answer, golden.answer, bundle.goldens.similarityTolerance) {
                failures.append("\(golden.picture): \(problem)")
            }
        }
        return SelfTest(failures: failures, cosineMin: nil)
    }

    /// Token ids of the golden texts; nothing to do without a text tower.
    public static func tokens(bundle: KioskBundle) throws -> SelfTest {
        if bundle.manifest.model.text == nil {
            return SelfTest(failures: [], cosineMin: nil)
        }
        let tokenizer = try bundle.tokenizer()
        let wrong = bundle.goldens.texts.filter { tokenizer.encode($0.text) != $0.tokens }
        return SelfTest(
            failures: wrong.map { "The tokens of “\($0.text)” differ." }, cosineMin: nil)
    }

    static func difference(_ ours: Answer, _ wanted: Answer, _ tolerance: Float) -> String? {
        let mine = ours.candidates.map { $0.sku }
        let theirs = wanted.candidates.map { $0.sku }
        if mine != theirs {
            return "the kiosk ranks \(theirs), this phone \(mine)"
        }
        for (one, other) in zip(ours.candidates, wanted.candidates) {
            if abs(one.similarity - other.similarity) > tolerance {
                return "\(one.sku) has the similarity \(one.similarity), not \(other.similarity)"
            }
        }
        if ours.decision != wanted.decision {
            return "the kiosk decides \(wanted.decision), this phone \(ours.decision)"
        }
        return nil
    }

    #if canImport(CoreML) && canImport(CoreGraphics) && canImport(CoreImage) && canImport(ImageIO)
    /// Everything: the golden pictures through Core ML, the answers, the tokens.
    public static func run(
        bundle: KioskBundle, recogniser: Recogniser, encoder: PictureEncoder
    ) throws -> SelfTest {
        var failures = answers(bundle: bundle, recogniser: recogniser).failures
        failures += try tokens(bundle: bundle).failures
        var smallest: Float = 1
        for golden in bundle.goldens.pictures {
            guard
                let source = CGImageSourceCreateWithURL(bundle.file(golden.picture) as CFURL, nil),
                let picture = CGImageSourceCreateImageAtIndex(source, 0, nil)
            else {
                failures.append("\(golden.picture) cannot be read.")
                continue
            }
            let vector = try encoder.encode(picture)
            let cosine = Vector.dot(vector, Vector.unit(bundle.goldenVectors.row(golden.row)))
            smallest = min(smallest, cosine)
            if cosine < bundle.goldens.cosineMin {
                failures.append("\(golden.picture): this phone sees it with a cosine of \(cosine).")
            }
        }
        return SelfTest(failures: failures, cosineMin: smallest)
    }
    #endif
}
