#if canImport(CoreML) && canImport(CoreGraphics) && canImport(CoreImage)
import CoreGraphics
import CoreImage
import CoreML
import CoreVideo
import Foundation

/// The image tower: pictures to vectors of length 1. Use it from one task at a time.
public final class PictureEncoder: @unchecked Sendable {
    private let model: MLModel
    private let input: String
    private let output: String
    private let preprocessing: Preprocessing
    private let images = CIContext()

    /// Compile the bundle's package (once, then cached) and load it.
    public init(bundle: KioskBundle, units: MLComputeUnits = .all) async throws {
        guard let tower = bundle.manifest.model.image else {
            throw BundleError("The bundle has no image package.")
        }
        model = try await CompiledModels.load(bundle: bundle, package: tower.package, units: units)
        input = tower.input
        output = tower.output
        preprocessing = bundle.manifest.preprocessing
    }

    /// With a model that the app has compiled itself.
    public init(model: MLModel, input: String, output: String, preprocessing: Preprocessing) {
        self.model = model
        self.input = input
        self.output = output
        self.preprocessing = preprocessing
    }

    /// The vector of a camera frame.
    public func encode(_ frame: CVPixelBuffer) throws -> [Float] {
        let picture = CIImage(cvPixelBuffer: frame)
        guard let drawn = images.createCGImage(picture, from: picture.extent) else {
            throw BundleError("The camera frame cannot be read.")
        }
        return try encode(drawn)
    }

    /// The vector of a picture of any size.
    public func encode(_ picture: CGImage) throws -> [Float] {
        let pixels = try fit(picture)
        let value = MLFeatureValue(pixelBuffer: pixels)
        let features = try MLDictionaryFeatureProvider(dictionary: [input: value])
        let answer = try model.prediction(from: features)
        guard let found = answer.featureValue(for: output)?.multiArrayValue else {
            throw BundleError("The model gives no \(output).")
        }
        return Vector.unit(numbers(of: found))
    }

    /// The pixels that the model takes, 0 to 255; mean and std are applied inside it.
    func fit(_ picture: CGImage) throws -> CVPixelBuffer {
        let width = preprocessing.width
        let height = preprocessing.height
        let plan = FitPlan(
            preprocessing.resize,
            width: Double(picture.width), height: Double(picture.height),
            inputWidth: Double(width), inputHeight: Double(height))
        var made: CVPixelBuffer?
        let options: [CFString: Any] = [
            kCVPixelBufferCGImageCompatibilityKey: true,
            kCVPixelBufferCGBitmapContextCompatibilityKey: true,
        ]
        CVPixelBufferCreate(
            kCFAllocatorDefault, width, height, kCVPixelFormatType_32BGRA,
            options as CFDictionary, &made)
        guard let buffer = made else {
            throw BundleError("There is no memory for a picture.")
        }
        CVPixelBufferLockBaseAddress(buffer, [])
        defer { CVPixelBufferUnlockBaseAddress(buffer, []) }
        let layout =
            CGImageAlphaInfo.noneSkipFirst.rawValue | CGBitmapInfo.byteOrder32Little.rawValue
        guard
            let context = CGContext(
                data: CVPixelBufferGetBaseAddress(buffer), width: width, height: height,
                bitsPerComponent: 8, bytesPerRow: CVPixelBufferGetBytesPerRow(buffer),
                space: picture.colorSpace?.model == .rgb
                    ? picture.colorSpace! : CGColorSpaceCreateDeviceRGB(),
                bitmapInfo: layout)
        else {
            throw BundleError("The picture cannot be drawn.")
        }
        context.interpolationQuality = .high
        context.setFillColor(red: 0, green: 0, blue: 0, alpha: 1)
        context.fill(CGRect(x: 0, y: 0, width: width, height: height))
        let scaleX = plan.target.width / plan.source.width
        let scaleY = plan.target.height / plan.source.height
        let drawnHeight = Double(picture.height) * scaleY
        let top = plan.target.y - plan.source.y * scaleY
        context.draw(
            picture,
            in: CGRect(
                x: plan.target.x - plan.source.x * scaleX,
                y: Double(height) - top - drawnHeight,  // Core Graphics counts from below
                width: Double(picture.width) * scaleX,
                height: drawnHeight))
        return buffer
    }
}

/// The text tower: words to vectors of length 1.
public final class TextEncoder: @unchecked Sendable {
    public let tokenizer: CLIPTokenizer
    private let model: MLModel
    private let input: String
    private let output: String

    public init(bundle: KioskBundle, units: MLComputeUnits = .all) async throws {
        guard let tower = bundle.manifest.model.text else {
            throw BundleError("The bundle has no text package.")
        }
        tokenizer = try bundle.tokenizer()
        model = try await CompiledModels.load(bundle: bundle, package: tower.package, units: units)
        input = tower.input
        output = tower.output
    }

    public func encode(_ text: String) throws -> [Float] {
        let tokens = tokenizer.encode(text)
        let shape = [NSNumber(value: 1), NSNumber(value: tokens.count)]
        let array = try MLMultiArray(shape: shape, dataType: .int32)
        for (index, token) in tokens.enumerated() {
            array[index] = NSNumber(value: token)
        }
        let value = MLFeatureValue(multiArray: array)
        let features = try MLDictionaryFeatureProvider(dictionary: [input: value])
        let answer = try model.prediction(from: features)
        guard let found = answer.featureValue(for: output)?.multiArrayValue else {
            throw BundleError("The model gives no \(output).")
        }
        return Vector.unit(numbers(of: found))
    }
}

/// Compiled packages, kept in the caches folder under a checksum of all their files.
enum CompiledModels {
    static func load(
        bundle: KioskBundle, package: String, units: MLComputeUnits
    ) async throws -> MLModel {
        let parts = bundle.manifest.files.filter { $0.key.hasPrefix(package + "/") }
        let sums = parts.map { $0.value.sha256 }.sorted().joined()
        let name = Checksum.sha256(Data(sums.utf8)) + ".mlmodelc"
        let caches = FileManager.default.urls(for: .cachesDirectory, in: .userDomainMask)[0]
        let place = caches.appendingPathComponent(name)
        if !FileManager.default.fileExists(atPath: place.path) {
            let fresh = try await MLModel.compileModel(at: bundle.file(package))
            try FileManager.default.moveItem(at: fresh, to: place)
        }
        let configuration = MLModelConfiguration()
        configuration.computeUnits = units
        return try MLModel(contentsOf: place, configuration: configuration)
    }
}

private func numbers(of array: MLMultiArray) -> [Float] {
    return (0..<array.count).map { array[$0].floatValue }
}
#endif
