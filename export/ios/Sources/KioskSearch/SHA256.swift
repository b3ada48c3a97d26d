import Foundation

#if canImport(CryptoKit)
import CryptoKit
#endif

/// SHA-256 in hexadecimal; CryptoKit where there is one, FIPS 180-4 by hand elsewhere.
public enum Checksum {
    public static func sha256(_ data: Data) -> String {
        #if canImport(CryptoKit)
        return hex([UInt8](CryptoKit.SHA256.hash(data: data)))
        #else
        return plainSHA256(data)
        #endif
    }

    /// The plain implementation, also where CryptoKit exists (so that tests can compare).
    public static func plainSHA256(_ data: Data) -> String {
        var state: [UInt32] = [
            0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
            0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
        ]
        var message = [UInt8](data)
        let bitLength = UInt64(message.count) * 8
        message.append(0x80)
        while message.count % 64 != 56 {
            message.append(0)
        }
        for shift in stride(from: 56, through: 0, by: -8) {
            message.append(UInt8((bitLength >> UInt64(shift)) & 0xFF))
        }
        for start in stride(from: 0, to: message.count, by: 64) {
            compress(&state, message, start)
        }
        var bytes: [UInt8] = []
        for word in state {
            for shift in stride(from: 24, through: 0, by: -8) {
                bytes.append(UInt8((word >> UInt32(shift)) & 0xFF))
            }
        }
        return hex(bytes)
    }

    private static func compress(_ state: inout [UInt32], _ message: [UInt8], _ start: Int) {
        var schedule = [UInt32](repeating: 0, count: 64)
        for index in 0..<16 {
            var word: UInt32 = 0
            for part in 0..<4 {
                word = (word << 8) | UInt32(message[start + 4 * index + part])
            }
            schedule[index] = word
        }
        for index in 16..<64 {
            let early = schedule[index - 15]
            let late = schedule[index - 2]
            let small0 = rotate(early, 7) ^ rotate(early, 18) ^ (early >> 3)
            let small1 = rotate(late, 17) ^ rotate(late, 19) ^ (late >> 10)
            schedule[index] = schedule[index - 16] &+ small0 &+ schedule[index - 7] &+ small1
        }
        var v = state
        for index in 0..<64 {
            let big1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)
            let choice = (v[4] & v[5]) ^ (~v[4] & v[6])
            let first = v[7] &+ big1 &+ choice &+ constants[index] &+ schedule[index]
            let big0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)
            let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2])
            let second = big0 &+ majority
            v = [first &+ second, v[0], v[1], v[2], v[3] &+ first, v[4], v[5], v[6]]
        }
        for index in 0..<8 {
            state[index] = state[index] &+ v[index]
        }
    }

    private static func rotate(_ word: UInt32, _ bits: UInt32) -> UInt32 {
        return (word >> bits) | (word << (32 - bits))
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits: [Character] = Array("0123456789abcdef")
        var text = ""
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 0x0F)])
        }
        return text
    }

    private static let constants: [UInt32] = [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
        0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
        0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
        0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
        0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
        0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
        0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
        0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
        0xc67178f2,
    ]
}
