import Foundation

/// The metric that a shop's own photos have tuned, or the plain cosine.
///
/// A vector x becomes z(x) = unit((x - mean) projection).
public struct Metric {
    public let mean: [Float]
    public let projection: VectorTable?
    public let nearestWeight: Float
    public let identical: Float

    public static let cosine = Metric(mean: [], projection: nil, nearestWeight: 0, identical: 1)

    public init(mean: [Float], projection: VectorTable?, nearestWeight: Float, identical: Float) {
        self.mean = mean
        // Stored by rows of input; dot products need rows of output.
        self.projection = projection.map { $0.transposed() }
        self.nearestWeight = nearestWeight
        self.identical = identical
    }

    public func apply(_ vector: [Float]) -> [Float] {
        guard let projection = projection else {
            return Vector.unit(vector)
        }
        var centred = vector
        for column in 0..<min(mean.count, centred.count) {
            centred[column] -= mean[column]
        }
        return Vector.unit(projection.products(with: centred))
    }
}

/// How like a picture is to each product. Nothing in it changes.
public final class Similarity: @unchecked Sendable {
    /// Products with photos, in order of SKU.
    public let skus: [String]
    private let starts: [Int]
    private let photos: VectorTable
    private let tuned: VectorTable
    private let prototypes: VectorTable
    private let metric: Metric

    public init(products: [Product], vectors: VectorTable, metric: Metric) {
        let shown = products.filter { $0.count > 0 }
        skus = shown.map { $0.sku }
        starts = shown.map { $0.first } + [vectors.rows]
        self.metric = metric
        var plain: [[Float]] = []
        var moved: [[Float]] = []
        plain.reserveCapacity(vectors.rows)
        moved.reserveCapacity(metric.projection == nil ? 0 : vectors.rows)
        for row in 0..<vectors.rows {
            let unit = Vector.unit(vectors.row(row))
            plain.append(unit)
            if metric.projection != nil {
                moved.append(metric.apply(unit))
            }
        }
        photos = VectorTable(rows: plain, columns: vectors.columns)
        let rows = metric.projection == nil ? plain : moved
        let columns = metric.projection?.rows ?? vectors.columns
        tuned = VectorTable(rows: rows, columns: columns)
        var means: [[Float]] = []
        for index in shown.indices {
            let own = Array(rows[starts[index]..<starts[index + 1]])
            means.append(Vector.unit(Vector.mean(own)))
        }
        prototypes = VectorTable(rows: means, columns: columns)
    }

    /// The product whose mean is nearest to one vector of length 1.
    func nearestMean(_ query: [Float]) -> Int? {
        let values = prototypes.products(with: metric.apply(query))
        return topPositions(values, 1).first
    }

    /// Similarity of each product, -1 to 1, to one vector of length 1.
    public func to(_ query: [Float]) -> [Float] {
        let cosines = best(photos.products(with: query))
        if metric.projection == nil {
            return cosines.map { min(max($0, -1), 1) }
        }
        let moved = metric.apply(query)
        let nearest = best(tuned.products(with: moved))
        let means = prototypes.products(with: moved)
        let weight = metric.nearestWeight
        return cosines.indices.map { index in
            let mixed = (1 - weight) * means[index] + weight * nearest[index]
            return min(max(drawn(mixed, cosines[index]), -1), 1)
        }
    }

    /// Towards 1 where the plain cosine says that it is the very same picture.
    private func drawn(_ mixed: Float, _ cosine: Float) -> Float {
        let identical = metric.identical
        let same = min(max((cosine - identical) / (1 - 1e-5 - identical), 0), 1)
        return mixed + (1 - mixed) * same
    }

    /// The largest value among each product's photos.
    private func best(_ values: [Float]) -> [Float] {
        return skus.indices.map { index in
            values[starts[index]..<starts[index + 1]].max() ?? -1
        }
    }
}
