import Foundation

/// Names what a picture shows, says how sure it is, and refuses what it does not know.
///
/// Nothing in it changes: it may be asked from any thread.
public final class Recogniser: @unchecked Sendable {
    public static let top = 5

    public let similarity: Similarity
    private let shown: [Product]
    private let confidence: ConfidenceEntry

    public init(bundle: KioskBundle) {
        shown = bundle.products.filter { $0.count > 0 }
        similarity = Similarity(
            products: bundle.products, vectors: bundle.photos, metric: bundle.metric)
        confidence = bundle.manifest.confidence
    }

    /// The answer for several frames of one presentation; `weights` say how much each counts.
    public func recognise(_ vectors: [[Float]], weights: [Float]? = nil) -> Answer {
        if shown.isEmpty || vectors.isEmpty {
            return Answer(decision: .unknown, candidates: [])
        }
        let frames = vectors.map { Vector.unit($0) }
        let shares = self.shares(frames.count, weights)
        let query = Vector.unit(Vector.mean(frames, weights: shares.map { Float($0) }))
        let scores = similarity.to(query)
        let order = topPositions(scores, Recogniser.top)
        var agreement: Double = 1
        if frames.count > 1 {
            agreement = 0
            for (frame, share) in zip(frames, shares) {
                if similarity.nearestMean(frame) == order[0] {
                    agreement += share
                }
            }
        }
        let best = order.map { Double(scores[$0]) }
        let (chances, known) = self.chances(best, cohesion: shown[order[0]].cohesion, agreement)
        var candidates: [Candidate] = []
        for (position, product) in order.enumerated() {
            candidates.append(
                Candidate(
                    sku: shown[product].sku, similarity: scores[product],
                    confidence: Float(chances[position])))
        }
        return Answer(decision: decide(chances, known, order), candidates: candidates)
    }

    /// The chance of each candidate, and the chance that any product is shown.
    private func chances(
        _ best: [Double], cohesion: Double, _ agreement: Double
    ) -> (chances: [Double], known: Double) {
        let c = confidence
        let second = best.count > 1 ? best[1] : c.low
        let level = (best[0] - c.low) / c.span
        let margin = (best[0] - second) / c.span
        var right = logistic(c.right, level, margin, cohesion, c.shiftRight)
        right *= 0.5 + 0.5 * agreement
        let known = max(right, logistic(c.known, level, margin, cohesion, c.shiftKnown))
        let weights = best.dropFirst().map { exp(c.sharpness * ($0 - second) / c.span) }
        let total = weights.reduce(0, +)
        let others = weights.map { min((known - right) * $0 / total, right) }
        return ([right] + others, known)
    }

    private func decide(_ chances: [Double], _ known: Double, _ order: [Int]) -> Decision {
        let c = confidence
        var risk = known - chances[0] + c.unknownCost * (1 - known)
        if chances.count > 1 {
            let factor = priceFactor(shown[order[0]].priceMinor, shown[order[1]].priceMinor)
            risk += min(chances[1], known) * factor
        }
        if chances[0] >= c.leastRight && risk <= c.riskPerBudget * c.errorBudget {
            return .named
        }
        return known >= c.leastKnown ? .unsure : .unknown
    }

    private func logistic(
        _ weights: LogisticEntry, _ level: Double, _ margin: Double, _ cohesion: Double,
        _ shift: Double
    ) -> Double {
        let linear = weights.level * level + weights.margin * margin
        let logit = weights.bias + linear + weights.cohesion * cohesion + shift
        return 1 / (1 + exp(-min(max(logit, -60), 60)))
    }

    /// A rival at twice or half the price counts double.
    private func priceFactor(_ first: Int, _ second: Int) -> Double {
        if first <= 0 || second <= 0 {
            return first == second ? 0 : 1
        }
        return min(1, abs(log2(Double(second) / Double(first))))
    }

    private func shares(_ count: Int, _ weights: [Float]?) -> [Double] {
        let equal = [Double](repeating: 1 / Double(count), count: count)
        guard let weights = weights, weights.count == count else {
            return equal
        }
        let usable = weights.map { $0.isFinite ? max(Double($0), 0) : 0 }
        let total = usable.reduce(0, +)
        return total > 0 ? usable.map { $0 / total } : equal
    }
}
