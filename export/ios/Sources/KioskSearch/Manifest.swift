import Foundation

/// What `manifest.json` of a bundle says; see `export/FORMAT.md`.
public struct Manifest: Decodable {
    public let format: String
    public let version: Int
    public let model: ModelEntry
    public let preprocessing: Preprocessing
    public let vectors: VectorsEntry
    public let metric: MetricEntry
    public let confidence: ConfidenceEntry
    public let files: [String: FileEntry]
}

public struct FileEntry: Decodable {
    public let sha256: String
    public let bytes: Int
}

public struct ArrayEntry: Decodable {
    public let file: String
    public let dtype: String
    public let rows: Int
    public let columns: Int
}

/// The photos' vectors; `corrections` names a file of one signed byte a number, or nothing.
public struct VectorsEntry: Decodable {
    public let file: String
    public let dtype: String
    public let rows: Int
    public let columns: Int
    public let corrections: String
}

/// How like a picture is to a product: see `Similarity`.
public struct MetricEntry: Decodable {
    public enum Kind: String, Decodable {
        case cosine
        case tuned
    }

    public let kind: Kind
    public let mean: ArrayEntry?
    public let projection: ArrayEntry?
    public let nearestWeight: Float
    public let identical: Float

    enum CodingKeys: String, CodingKey {
        case kind, mean, projection, identical
        case nearestWeight = "nearest_weight"
    }
}

/// From similarities to chances, and from chances to a decision: see `Recogniser`.
public struct ConfidenceEntry: Decodable {
    public let low: Double
    public let span: Double
    public let right: LogisticEntry
    public let known: LogisticEntry
    public let shiftRight: Double
    public let shiftKnown: Double
    public let sharpness: Double
    public let errorBudget: Double
    public let riskPerBudget: Double
    public let unknownCost: Double
    public let leastRight: Double
    public let leastKnown: Double

    enum CodingKeys: String, CodingKey {
        case low, span, right, known, sharpness
        case shiftRight = "shift_right"
        case shiftKnown = "shift_known"
        case errorBudget = "error_budget"
        case riskPerBudget = "risk_per_budget"
        case unknownCost = "unknown_cost"
        case leastRight = "least_right"
        case leastKnown = "least_known"
    }
}

/// sigmoid(bias + level x1 + margin x2 + cohesion x3 + shift)
public struct LogisticEntry: Decodable {
    public let bias: Double
    public let level: Double
    public let margin: Double
    public let cohesion: Double
}

public struct ModelEntry: Decodable {
    public let id: String
    public let title: String
    public let dimension: Int
    public let licence: String
    public let image: TowerEntry?
    public let text: TextEntry?

    enum CodingKeys: String, CodingKey {
        case id, title, dimension, licence, image, text
    }
}

/// A Core ML package inside the bundle, with the names of its input and output.
public struct TowerEntry: Decodable {
    public let package: String
    public let input: String
    public let output: String
}

public struct TextEntry: Decodable {
    public let package: String
    public let input: String
    public let output: String
    public let tokenizer: String
    public let contextLength: Int
    public let padding: Int

    enum CodingKeys: String, CodingKey {
        case package, input, output, tokenizer
        case contextLength = "context_length"
        case padding = "pad_id"
    }
}

/// From a picture to the encoder's input; mean and std are applied inside the package.
public struct Preprocessing: Decodable {
    public let width: Int
    public let height: Int
    public let resize: PictureFit

    enum CodingKeys: String, CodingKey {
        case width, height, resize
    }
}

/// One product; `first` and `count` are its rows among the vectors.
public struct Product: Decodable {
    public let sku: String
    public let name: String
    public let priceMinor: Int
    public let currency: String
    /// The price as it is shown.
    public let price: String
    public let category: String
    public let details: String
    public let barcode: String
    public let first: Int
    public let count: Int
    /// How like its own photos are to each other, on the scale of confidence.
    public let cohesion: Double
    public let thumbnail: String

    enum CodingKeys: String, CodingKey {
        case sku, name, currency, price, category, barcode, first, count, cohesion, thumbnail
        case priceMinor = "price_minor"
        case details = "description"
    }
}

/// What the kiosk may say about a picture.
public enum Decision: String, Decodable, Sendable {
    case named
    case unsure
    case unknown
}

/// A product that may be what is shown.
public struct Candidate: Decodable, Equatable, Sendable {
    public let sku: String
    /// A cosine, -1 to 1.
    public let similarity: Float
    /// The measured chance, 0 to 1, that this product is the one shown.
    public let confidence: Float

    public init(sku: String, similarity: Float, confidence: Float) {
        self.sku = sku
        self.similarity = similarity
        self.confidence = confidence
    }
}

/// The answer for one presentation: up to five candidates, best first.
public struct Answer: Decodable, Sendable {
    public let decision: Decision
    public let candidates: [Candidate]

    public init(decision: Decision, candidates: [Candidate]) {
        self.decision = decision
        self.candidates = candidates
    }
}

/// What a phone must reproduce.
public struct Goldens: Decodable {
    public let vectors: ArrayEntry
    public let cosineMin: Float
    public let similarityTolerance: Float
    public let pictures: [GoldenPicture]
    public let texts: [GoldenText]

    enum CodingKeys: String, CodingKey {
        case vectors, pictures, texts
        case cosineMin = "cosine_min"
        case similarityTolerance = "similarity_tolerance"
    }
}

public struct GoldenPicture: Decodable {
    public let picture: String
    public let row: Int
    public let answer: Answer
}

public struct GoldenText: Decodable {
    public let text: String
    public let tokens: [Int32]
    public let row: Int
}
