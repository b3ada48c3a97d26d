import Foundation

/// How a picture of any size becomes the pixels that the encoder takes.
public enum PictureFit: String, Codable {
    /// The largest centred part with the encoder's proportions, then resized.
    case shortest
    /// The whole picture, its proportions given up.
    case squash
    /// The whole picture, centred on black.
    case longestPad = "longest_pad"
}

/// A rectangle in pixels, from the top left.
public struct PixelBox: Equatable {
    public var x: Double
    public var y: Double
    public var width: Double
    public var height: Double

    public init(x: Double, y: Double, width: Double, height: Double) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }
}

/// Which part of a picture is drawn where in the encoder's input.
public struct FitPlan: Equatable {
    public var source: PixelBox
    public var target: PixelBox

    /// The plan for a picture of `width` x `height` and an input of `inputWidth` x `inputHeight`.
    public init(
        _ fit: PictureFit, width: Double, height: Double, inputWidth: Double, inputHeight: Double
    ) {
        let whole = PixelBox(x: 0, y: 0, width: width, height: height)
        let input = PixelBox(x: 0, y: 0, width: inputWidth, height: inputHeight)
        switch fit {
        case .squash:
            source = whole
            target = input
        case .shortest:
            let scale = min(width / inputWidth, height / inputHeight)
            let partWidth = inputWidth * scale
            let partHeight = inputHeight * scale
            source = PixelBox(
                x: (width - partWidth) / 2, y: (height - partHeight) / 2,
                width: partWidth, height: partHeight)
            target = input
        case .longestPad:
            let scale = min(inputWidth / width, inputHeight / height)
            let drawnWidth = max(1, (width * scale).rounded(.toNearestOrEven))
            let drawnHeight = max(1, (height * scale).rounded(.toNearestOrEven))
            source = whole
            target = PixelBox(
                x: ((inputWidth - drawnWidth) / 2).rounded(.down),
                y: ((inputHeight - drawnHeight) / 2).rounded(.down),
                width: drawnWidth, height: drawnHeight)
        }
    }
}
