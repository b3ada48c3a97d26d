import Foundation

/// Why a bundle cannot be used; `description` is a sentence for a person.
public struct BundleError: Error, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}

/// A shop on the phone: products, vectors and all that recognition needs. Nothing in it changes.
public final class KioskBundle: @unchecked Sendable {
    public static let version = 1

    public let url: URL
    public let manifest: Manifest
    /// In order of SKU.
    public let products: [Product]
    /// The photos' vectors.
    public let photos: VectorTable
    public let metric: Metric
    public let goldens: Goldens
    public let goldenVectors: VectorTable

    /// Read the bundle at `url`. With `checkFiles`, every file's checksum is compared first.
    public init(url: URL, checkFiles: Bool = true) throws {
        self.url = url
        manifest = try KioskBundle.readManifest(url)
        if checkFiles {
            try KioskBundle.check(url, manifest.files)
        }
        products = try KioskBundle.decode([Product].self, url, "products.json")
        photos = try KioskBundle.vectors(url, manifest.vectors)
        metric = try KioskBundle.metric(url, manifest.metric)
        goldens = try KioskBundle.decode(Goldens.self, url, "goldens.json")
        goldenVectors = try KioskBundle.table(url, goldens.vectors)
        var place = 0
        for product in products where product.count > 0 {
            if product.first != place {
                throw BundleError("The vectors of \(product.sku) are not where they should be.")
            }
            place += product.count
        }
        if place != photos.rows {
            throw BundleError("The bundle has \(photos.rows) vectors, its products \(place).")
        }
    }

    /// A file of the bundle.
    public func file(_ path: String) -> URL {
        return KioskBundle.file(url, path)
    }

    /// The tokenizer of the text tower.
    public func tokenizer() throws -> CLIPTokenizer {
        guard let text = manifest.model.text else {
            throw BundleError("The bundle has no text tower.")
        }
        return try CLIPTokenizer(
            json: try Data(contentsOf: file(text.tokenizer)),
            contextLength: text.contextLength, padding: text.padding)
    }

    static func decode<Value: Decodable>(
        _ type: Value.Type, _ url: URL, _ path: String
    ) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: try read(url, path))
        } catch let error as DecodingError {
            throw BundleError("\(path) does not hold what the format asks for: \(error)")
        }
    }

    static func table(_ url: URL, _ entry: ArrayEntry) throws -> VectorTable {
        let data = try read(url, entry.file)
        let values: [Float]
        switch entry.dtype {
        case "float16": values = HalfFloat.decode(data)
        case "float32": values = SingleFloat.decode(data)
        default: throw BundleError("\(entry.file) holds \(entry.dtype), which is not known here.")
        }
        if values.count != entry.rows * entry.columns {
            throw BundleError("\(entry.file) is cut short.")
        }
        return VectorTable(values: values, rows: entry.rows, columns: entry.columns)
    }

    private static func vectors(_ url: URL, _ entry: VectorsEntry) throws -> VectorTable {
        if entry.corrections.isEmpty {
            return try table(
                url,
                ArrayEntry(
                    file: entry.file, dtype: entry.dtype, rows: entry.rows, columns: entry.columns))
        }
        let values = HalfFloat.decode(
            try read(url, entry.file), corrections: try read(url, entry.corrections))
        if values.count != entry.rows * entry.columns {
            throw BundleError("\(entry.file) is cut short.")
        }
        return VectorTable(values: values, rows: entry.rows, columns: entry.columns)
    }

    private static func metric(_ url: URL, _ entry: MetricEntry) throws -> Metric {
        guard entry.kind == .tuned else {
            return Metric.cosine
        }
        guard let mean = entry.mean, let projection = entry.projection else {
            throw BundleError("The tuned metric has no numbers.")
        }
        return Metric(
            mean: try table(url, mean).values,
            projection: try table(url, projection),
            nearestWeight: entry.nearestWeight,
            identical: entry.identical)
    }

    private static func readManifest(_ url: URL) throws -> Manifest {
        let data = try read(url, "manifest.json")
        let recorded = String(decoding: try read(url, "manifest.sha256"), as: UTF8.self)
        if Checksum.sha256(data) != recorded.trimmingCharacters(in: .whitespacesAndNewlines) {
            throw BundleError("The manifest was changed after it was written.")
        }
        let manifest: Manifest
        do {
            manifest = try JSONDecoder().decode(Manifest.self, from: data)
        } catch let error as DecodingError {
            throw BundleError("manifest.json does not hold what the format asks for: \(error)")
        }
        if manifest.format != "kioskbundle" || manifest.version != version {
            throw BundleError(
                "This is a \(manifest.format) of version \(manifest.version); "
                    + "version \(version) is read here.")
        }
        return manifest
    }

    private static func check(_ url: URL, _ files: [String: FileEntry]) throws {
        for (path, entry) in files {
            let data = try read(url, path)
            if data.count != entry.bytes || Checksum.sha256(data) != entry.sha256 {
                throw BundleError("\(path) is changed or damaged.")
            }
        }
    }

    private static func read(_ url: URL, _ path: String) throws -> Data {
        let parts = path.components(separatedBy: "/")
        if parts.contains("..") || parts.contains("") || parts.contains(".") {
            throw BundleError("The bundle names a file outside itself: \(path)")
        }
        do {
            return try Data(contentsOf: file(url, path))
        } catch {
            throw BundleError("The bundle lacks the file \(path).")
        }
    }

    private static func file(_ url: URL, _ path: String) -> URL {
        var result = url
        for part in path.components(separatedBy: "/") {
            result = result.appendingPathComponent(part)
        }
        return result
    }
}
