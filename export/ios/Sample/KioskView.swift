import AVFoundation
import KioskSearch
import SwiftUI
import UIKit

/// The camera with the answer below it; the card leaves the product visible.
struct KioskView: View {
    @ObservedObject var kiosk: KioskModel

    var body: some View {
        ZStack(alignment: .bottom) {
            CameraPreview(session: kiosk.camera.session).ignoresSafeArea()
            card
                .padding()
                .frame(maxWidth: .infinity, alignment: .leading)
                .background(Color(.systemBackground))
                .clipShape(RoundedRectangle(cornerRadius: 28))
                .padding()
        }
    }

    @ViewBuilder private var card: some View {
        if !kiosk.state.isEmpty {
            Text(kiosk.state)
        } else if let answer = kiosk.answer {
            switch answer.decision {
            case .named: named(answer)
            case .unsure: choices(answer, "Is it one of these?")
            case .unknown: Text("Show me a product, or ask the staff: I do not know this one.")
            }
        } else {
            Text("Hold a product to the camera.")
        }
    }

    @ViewBuilder private func named(_ answer: Answer) -> some View {
        if let best = answer.candidates.first, let product = kiosk.products[best.sku] {
            VStack(alignment: .leading) {
                Text(product.name).font(.title2)
                Text(product.price).font(.largeTitle).bold()
                Text("\(Int((best.confidence * 100).rounded())) % sure").foregroundColor(.secondary)
            }
        }
    }

    private func choices(_ answer: Answer, _ title: String) -> some View {
        VStack(alignment: .leading) {
            Text(title)
            ForEach(answer.candidates, id: \.sku) { candidate in
                Text(kiosk.products[candidate.sku]?.name ?? candidate.sku).font(.headline)
            }
        }
    }
}

/// The live picture.
struct CameraPreview: UIViewRepresentable {
    let session: AVCaptureSession

    final class View: UIView {
        override class var layerClass: AnyClass { AVCaptureVideoPreviewLayer.self }
    }

    func makeUIView(context: Context) -> View {
        let view = View()
        if let layer = view.layer as? AVCaptureVideoPreviewLayer {
            layer.session = session
            layer.videoGravity = .resizeAspectFill
        }
        return view
    }

    func updateUIView(_ view: View, context: Context) {}
}
