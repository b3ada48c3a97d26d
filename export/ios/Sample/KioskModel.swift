import CoreVideo
import Foundation
import KioskSearch

/// Looks at frames away from the main thread, and decides over the last few.
actor Looker {
    private let encoder: PictureEncoder
    private let recogniser: Recogniser
    private var recent: [[Float]] = []

    init(encoder: PictureEncoder, recogniser: Recogniser) {
        self.encoder = encoder
        self.recogniser = recogniser
    }

    func look(at frame: CVPixelBuffer) throws -> Answer {
        recent = Array((recent + [try encoder.encode(frame)]).suffix(5))
        return recogniser.recognise(recent)
    }
}

/// What the screen shows; changed on the main actor only.
@MainActor
final class KioskModel: ObservableObject {
    @Published private(set) var state = "Loading the shop…"
    @Published private(set) var answer: Answer?
    @Published private(set) var products: [String: Product] = [:]

    let camera = CameraFeed()

    /// Load the bundle, let it test itself, then look at camera frames until the app ends.
    func start() async {
        do {
            guard let url = Bundle.main.url(forResource: "Shop", withExtension: "kioskbundle")
            else {
                state = "Add Shop.kioskbundle to the app as a folder reference."
                return
            }
            // Checksums, the index and the self-test take a moment: not on the main thread.
            let bundle = try await Task.detached { try KioskBundle(url: url) }.value
            let recogniser = await Task.detached { Recogniser(bundle: bundle) }.value
            let encoder = try await PictureEncoder(bundle: bundle)
            let test = try await Task.detached {
                try SelfTest.run(bundle: bundle, recogniser: recogniser, encoder: encoder)
            }.value
            guard test.passed else {
                state = test.failures.first ?? "The self-test failed."
                return
            }
            for product in bundle.products {
                products[product.sku] = product
            }
            let looker = Looker(encoder: encoder, recogniser: recogniser)
            try await camera.start()
            state = ""
            for await frame in camera.frames {
                answer = try await looker.look(at: frame)
            }
        } catch {
            state = String(describing: error)
        }
    }
}
