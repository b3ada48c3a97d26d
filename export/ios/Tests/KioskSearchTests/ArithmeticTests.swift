import Foundation
import XCTest

@testable import KioskSearch

final class ArithmeticTests: XCTestCase {
    func testHalfFloatsAreReadExactly() {
        XCTAssertEqual(HalfFloat.decode(0x3C00), 1)
        XCTAssertEqual(HalfFloat.decode(0xC000), -2)
        XCTAssertEqual(HalfFloat.decode(0x7BFF), 65504)
        XCTAssertEqual(HalfFloat.decode(0x0001), 5.960_464_5e-8)
        XCTAssertEqual(HalfFloat.decode(0x0400), 6.103_515_6e-5)
        XCTAssertEqual(HalfFloat.decode(0x3555), 0.333_251_95)
        XCTAssertEqual(HalfFloat.decode(0x8000), 0)
        XCTAssertEqual(HalfFloat.decode(0x7C00), Float.infinity)
        XCTAssertTrue(HalfFloat.decode(0x7E00).isNaN)
    }

    func testCorrectionsLieBetweenHalfFloats() {
        let one = Data([0x00, 0x3C])
        XCTAssertEqual(HalfFloat.decode(one, corrections: Data([0])), [1])
        let above = HalfFloat.decode(one, corrections: Data([127]))[0]
        XCTAssertEqual(above, 1 + 127 / 254 / 1024, accuracy: 1e-7)
        let below = HalfFloat.decode(one, corrections: Data([UInt8(bitPattern: -127)]))[0]
        XCTAssertEqual(below, 1 - 127 / 254 / 1024, accuracy: 1e-7)
    }

    func testSingleFloatsAreReadExactly() {
        XCTAssertEqual(SingleFloat.decode(Data([0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC1])), [1, -10])
    }

    func testChecksumIsThatOfTheStandard() {
        let vectors = [
            "": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "abc": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq":
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
        ]
        for (text, wanted) in vectors {
            XCTAssertEqual(Checksum.sha256(Data(text.utf8)), wanted)
            XCTAssertEqual(Checksum.plainSHA256(Data(text.utf8)), wanted)
        }
    }

    func testProductsAreThoseOfTheFormula() {
        let table = VectorTable(values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], rows: 2, columns: 5)
        XCTAssertEqual(table.products(with: [1, 0, -1, 2, 1]), [11, 26])
        XCTAssertEqual(table.plainProducts(with: [1, 0, -1, 2, 1]), [11, 26])
        XCTAssertEqual(table.transposed().row(1), [2, 7])
    }

    func testUnitVectorHasLengthOneAndZeroStaysZero() {
        XCTAssertEqual(Vector.unit([3, 4]), [0.6, 0.8])
        XCTAssertEqual(Vector.unit([0, 0]), [0, 0])
    }

    func testMeanIsWeighted() {
        XCTAssertEqual(Vector.mean([[1, 0], [0, 1]], weights: [3, 1]), [0.75, 0.25])
        XCTAssertEqual(Vector.mean([[1, 0], [0, 1]]), [0.5, 0.5])
    }

    func testTopPositionsAreBestFirstAndStable() {
        XCTAssertEqual(topPositions([0.1, 0.9, 0.9, 0.5], 3), [1, 2, 3])
        XCTAssertEqual(topPositions([], 3), [])
    }
}

final class PictureFitTests: XCTestCase {
    func testShortestTakesTheCentre() {
        let plan = FitPlan(.shortest, width: 640, height: 480, inputWidth: 256, inputHeight: 256)
        XCTAssertEqual(plan.source, PixelBox(x: 80, y: 0, width: 480, height: 480))
        XCTAssertEqual(plan.target, PixelBox(x: 0, y: 0, width: 256, height: 256))
    }

    func testShortestKeepsTheProportionsOfTheInput() {
        let plan = FitPlan(.shortest, width: 300, height: 300, inputWidth: 64, inputHeight: 48)
        XCTAssertEqual(plan.source, PixelBox(x: 0, y: 37.5, width: 300, height: 225))
    }

    func testSquashTakesEverything() {
        let plan = FitPlan(.squash, width: 640, height: 480, inputWidth: 320, inputHeight: 320)
        XCTAssertEqual(plan.source, PixelBox(x: 0, y: 0, width: 640, height: 480))
    }

    func testLongestPadCentresOnBlack() {
        let plan = FitPlan(.longestPad, width: 640, height: 480, inputWidth: 256, inputHeight: 256)
        XCTAssertEqual(plan.target, PixelBox(x: 0, y: 32, width: 256, height: 192))
    }
}
