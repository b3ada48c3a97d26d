import Foundation

#if canImport(Accelerate)
import Accelerate
#endif

/// Rows of numbers: photos, prototypes, a projection.
public struct VectorTable {
    public let values: [Float]
    public let rows: Int
    public let columns: Int

    public init(values: [Float], rows: Int, columns: Int) {
        precondition(values.count == rows * columns, "rows x columns numbers are needed")
        self.values = values
        self.rows = rows
        self.columns = columns
    }

    public init(rows: [[Float]], columns: Int) {
        self.init(values: rows.flatMap { $0 }, rows: rows.count, columns: columns)
    }

    public func transposed() -> VectorTable {
        var result = [Float](repeating: 0, count: values.count)
        for row in 0..<rows {
            for column in 0..<columns {
                result[column * rows + row] = values[row * columns + column]
            }
        }
        return VectorTable(values: result, rows: columns, columns: rows)
    }

    public func row(_ index: Int) -> [Float] {
        return Array(values[(index * columns)..<((index + 1) * columns)])
    }

    /// The dot product of each row with `vector`.
    public func products(with vector: [Float]) -> [Float] {
        precondition(vector.count == columns, "the vector needs \(columns) numbers")
        #if canImport(Accelerate)
        return acceleratedProducts(with: vector)
        #else
        return plainProducts(with: vector)
        #endif
    }

    /// The same without Accelerate, also where there is one (so that tests can compare).
    public func plainProducts(with vector: [Float]) -> [Float] {
        var result = [Float](repeating: 0, count: rows)
        values.withUnsafeBufferPointer { table in
            vector.withUnsafeBufferPointer { query in
                for row in 0..<rows {
                    let start = row * columns
                    // Four sums: less rounding error, and the compiler can run them side by side.
                    var sums: (Float, Float, Float, Float) = (0, 0, 0, 0)
                    var column = 0
                    while column + 3 < columns {
                        sums.0 += table[start + column] * query[column]
                        sums.1 += table[start + column + 1] * query[column + 1]
                        sums.2 += table[start + column + 2] * query[column + 2]
                        sums.3 += table[start + column + 3] * query[column + 3]
                        column += 4
                    }
                    while column < columns {
                        sums.0 += table[start + column] * query[column]
                        column += 1
                    }
                    result[row] = (sums.0 + sums.1) + (sums.2 + sums.3)
                }
            }
        }
        return result
    }

    #if canImport(Accelerate)
    private func acceleratedProducts(with vector: [Float]) -> [Float] {
        var result = [Float](repeating: 0, count: rows)
        if rows == 0 || columns == 0 {
            return result
        }
        // (rows x columns) times (columns x 1)
        vDSP_mmul(
            values, 1, vector, 1, &result, 1, vDSP_Length(rows), 1, vDSP_Length(columns))
        return result
    }
    #endif
}

/// Small vector arithmetic.
public enum Vector {
    /// The vector with length 1; a vector of zeros stays as it is.
    public static func unit(_ vector: [Float]) -> [Float] {
        var sum: Double = 0
        for value in vector {
            sum += Double(value) * Double(value)
        }
        if sum <= 0 {
            return vector
        }
        let scale = Float(1 / sum.squareRoot())
        return vector.map { $0 * scale }
    }

    public static func dot(_ left: [Float], _ right: [Float]) -> Float {
        var sum: Double = 0
        for (a, b) in zip(left, right) {
            sum += Double(a) * Double(b)
        }
        return Float(sum)
    }

    /// The weighted mean of several vectors; without weights all count the same.
    public static func mean(_ vectors: [[Float]], weights: [Float]? = nil) -> [Float] {
        guard let first = vectors.first else {
            return []
        }
        var sum = [Double](repeating: 0, count: first.count)
        var total: Double = 0
        for (index, vector) in vectors.enumerated() {
            let weight = Double(weights.map { $0[index] } ?? 1)
            total += weight
            for column in 0..<min(vector.count, sum.count) {
                sum[column] += Double(vector[column]) * weight
            }
        }
        return sum.map { Float(total > 0 ? $0 / total : 0) }
    }
}

/// The positions of the largest values, best first; equal values in order of position.
public func topPositions(_ values: [Float], _ count: Int) -> [Int] {
    let order = values.indices.sorted { left, right in
        if values[left] != values[right] {
            return values[left] > values[right]
        }
        return left < right
    }
    return Array(order.prefix(count))
}
