import Foundation
import XCTest

@testable import KioskSearch

/// What the Python tests wrote: a bundle, and what the kiosk answers.
struct Fixture: Decodable {
    struct Query: Decodable {
        let vector: [Float]
        let similarities: [Float]
        let order: [String]
    }

    struct Presentation: Decodable {
        let vectors: [[Float]]
        let weights: [Float]?
        let answer: Answer
    }

    struct Words: Decodable {
        let text: String
        let tokens: [Int32]
    }

    let queries: [Query]
    let presentations: [Presentation]
    let words: [Words]

    static func folder() throws -> URL {
        guard let path = ProcessInfo.processInfo.environment["KIOSK_FIXTURE"] else {
            throw XCTSkip("KIOSK_FIXTURE names no folder; the Python tests write one.")
        }
        return URL(fileURLWithPath: path, isDirectory: true)
    }

    static func read() throws -> Fixture {
        let data = try Data(contentsOf: folder().appendingPathComponent("answers.json"))
        return try JSONDecoder().decode(Fixture.self, from: data)
    }

    static func bundle() throws -> KioskBundle {
        return try KioskBundle(url: folder().appendingPathComponent("Shop.kioskbundle"))
    }
}

final class BundleTests: XCTestCase {
    func testBundleIsRead() throws {
        let bundle = try Fixture.bundle()
        XCTAssertEqual(bundle.products.first?.name, "產品 0: café 1/2 “l”")
        XCTAssertEqual(bundle.products.first?.price, "€1.00")
        XCTAssertEqual(bundle.photos.columns, bundle.manifest.model.dimension)
    }

    func testSimilaritiesAndOrderAreTheKiosks() throws {
        let bundle = try Fixture.bundle()
        let similarity = Similarity(
            products: bundle.products, vectors: bundle.photos, metric: bundle.metric)
        let fixture = try Fixture.read()
        XCTAssertGreaterThanOrEqual(fixture.queries.count, 50)
        for query in fixture.queries {
            let ours = similarity.to(query.vector)
            XCTAssertEqual(ours.count, query.similarities.count)
            for (mine, theirs) in zip(ours, query.similarities) {
                XCTAssertEqual(mine, theirs, accuracy: 1e-3)
            }
            let order = topPositions(ours, 5).map { similarity.skus[$0] }
            XCTAssertEqual(order, query.order)
        }
    }

    func testAnswersAreTheKiosks() throws {
        let recogniser = Recogniser(bundle: try Fixture.bundle())
        var decisions = Set<String>()
        for shown in try Fixture.read().presentations {
            let answer = recogniser.recognise(shown.vectors, weights: shown.weights)
            XCTAssertEqual(answer.decision, shown.answer.decision)
            decisions.insert(answer.decision.rawValue)
            XCTAssertEqual(answer.candidates.map { $0.sku }, shown.answer.candidates.map { $0.sku })
            for (mine, theirs) in zip(answer.candidates, shown.answer.candidates) {
                XCTAssertEqual(mine.similarity, theirs.similarity, accuracy: 1e-3)
                XCTAssertEqual(mine.confidence, theirs.confidence, accuracy: 1e-2)
            }
        }
        XCTAssertGreaterThanOrEqual(decisions.count, 2)
        XCTAssertEqual(recogniser.recognise([]).decision, .unknown)
    }

    func testSelfTestHoldsAndNoticesAnotherAnswer() throws {
        let bundle = try Fixture.bundle()
        let recogniser = Recogniser(bundle: bundle)
        let test = SelfTest.answers(bundle: bundle, recogniser: recogniser)
        XCTAssertEqual(test.failures, [])
        XCTAssertGreaterThanOrEqual(bundle.goldens.pictures.count, 3)
        let golden = bundle.goldens.pictures[0].answer
        let swapped = Answer(
            decision: golden.decision, candidates: Array(golden.candidates.reversed()))
        XCTAssertNotNil(SelfTest.difference(swapped, golden, 1e-3))
        XCTAssertTrue(try SelfTest.tokens(bundle: bundle).passed)
    }

    func testDamageIsNamed() throws {
        let copy = FileManager.default.temporaryDirectory
            .appendingPathComponent(UUID().uuidString)
        try FileManager.default.copyItem(
            at: Fixture.folder().appendingPathComponent("Shop.kioskbundle"), to: copy)
        defer { try? FileManager.default.removeItem(at: copy) }
        let file = copy.appendingPathComponent("vectors.f16")
        var data = try Data(contentsOf: file)
        data[data.startIndex + 5] ^= 1
        try data.write(to: file)
        XCTAssertThrowsError(try KioskBundle(url: copy)) { error in
            XCTAssertEqual(
                error as? BundleError, BundleError("vectors.f16 is changed or damaged."))
        }
        let manifest = copy.appendingPathComponent("manifest.json")
        try Data("{}".utf8).write(to: manifest)
        XCTAssertThrowsError(try KioskBundle(url: copy)) { error in
            XCTAssertEqual(
                error as? BundleError,
                BundleError("The manifest was changed after it was written."))
        }
    }
}

final class TokenizerTests: XCTestCase {
    func testIdsAreTheKiosks() throws {
        let json = try Data(
            contentsOf: Fixture.folder().appendingPathComponent("tokenizer.json"))
        let tokenizer = try CLIPTokenizer(json: json)
        let words = try Fixture.read().words
        XCTAssertGreaterThanOrEqual(words.count, 100)
        for word in words {
            XCTAssertEqual(tokenizer.encode(word.text), word.tokens, word.text)
        }
    }

    func testLongTextIsCutAndKeepsItsEnd() throws {
        let json = try Data(
            contentsOf: Fixture.folder().appendingPathComponent("tokenizer.json"))
        let tokenizer = try CLIPTokenizer(json: json)
        let ids = tokenizer.encode(String(repeating: "very long text ", count: 100))
        XCTAssertEqual(ids.count, 77)
        XCTAssertEqual(ids.first, 49406)
        XCTAssertEqual(ids.last, 49407)
    }

    func testSomethingElseIsNoTokenizer() {
        XCTAssertThrowsError(try CLIPTokenizer(json: Data("{}".utf8)))
    }
}
