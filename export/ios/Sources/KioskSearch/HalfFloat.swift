import Foundation

/// IEEE 754 half precision, read by hand: `Float16` is missing on Intel Macs.
public enum HalfFloat {
    /// The number that the 16 bits stand for.
    public static func decode(_ bits: UInt16) -> Float {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10) & 0x1F
        let fraction = UInt32(bits & 0x03FF)
        if exponent == 0 {
            let magnitude = Float(fraction) / 16_777_216  // 2^-24
            return sign == 0 ? magnitude : -magnitude
        }
        if exponent == 0x1F {
            return Float(bitPattern: sign | 0x7F80_0000 | (fraction << 13))
        }
        return Float(bitPattern: sign | ((exponent + 112) << 23) | (fraction << 13))
    }

    /// Little-endian half floats, two bytes each.
    public static func decode(_ data: Data) -> [Float] {
        let bytes = [UInt8](data)
        let count = bytes.count / 2
        var result = [Float](repeating: 0, count: count)
        for index in 0..<count {
            let low = UInt16(bytes[2 * index])
            let high = UInt16(bytes[2 * index + 1])
            result[index] = decode(low | (high << 8))
        }
        return result
    }
}

extension HalfFloat {
    /// Half floats with corrections: where between two half floats each number lies, in
    /// 254ths of their distance, one signed byte each.
    public static func decode(_ data: Data, corrections: Data) -> [Float] {
        let bytes = [UInt8](data)
        let fine = [UInt8](corrections)
        let count = min(bytes.count / 2, fine.count)
        var result = [Float](repeating: 0, count: count)
        for index in 0..<count {
            let bits = UInt16(bytes[2 * index]) | (UInt16(bytes[2 * index + 1]) << 8)
            let exponent = max(Int((bits >> 10) & 0x1F), 1)
            // 2^(exponent - 25), written as the bits of a single float
            let spacing = Float(bitPattern: UInt32(exponent - 25 + 127) << 23)
            let correction = Float(Int8(bitPattern: fine[index]))
            result[index] = decode(bits) + correction * spacing / 254
        }
        return result
    }
}

/// Little-endian single precision, four bytes each.
public enum SingleFloat {
    public static func decode(_ data: Data) -> [Float] {
        let bytes = [UInt8](data)
        let count = bytes.count / 4
        var result = [Float](repeating: 0, count: count)
        for index in 0..<count {
            var bits: UInt32 = 0
            for part in 0..<4 {
                bits |= UInt32(bytes[4 * index + part]) << UInt32(8 * part)
            }
            result[index] = Float(bitPattern: bits)
        }
        return result
    }
}
