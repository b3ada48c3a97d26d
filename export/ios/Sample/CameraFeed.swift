import AVFoundation
import CoreVideo
import Foundation
import KioskSearch

/// Camera frames, the newest only: a slow phone skips frames and never falls behind.
final class CameraFeed: NSObject, AVCaptureVideoDataOutputSampleBufferDelegate {
    let session = AVCaptureSession()
    let frames: AsyncStream<CVPixelBuffer>
    private let continuation: AsyncStream<CVPixelBuffer>.Continuation
    private let queue = DispatchQueue(label: "camera")

    override init() {
        var made: AsyncStream<CVPixelBuffer>.Continuation!
        frames = AsyncStream(bufferingPolicy: .bufferingNewest(1)) { made = $0 }
        continuation = made
        super.init()
    }

    func start() async throws {
        guard await AVCaptureDevice.requestAccess(for: .video) else {
            throw BundleError("Allow the camera in Settings.")
        }
        guard
            let device = AVCaptureDevice.default(.builtInWideAngleCamera, for: .video, position: .back)
        else {
            throw BundleError("This device has no camera.")
        }
        session.beginConfiguration()
        session.sessionPreset = .hd1280x720
        session.addInput(try AVCaptureDeviceInput(device: device))
        let output = AVCaptureVideoDataOutput()
        output.videoSettings = [
            kCVPixelBufferPixelFormatTypeKey as String: kCVPixelFormatType_32BGRA
        ]
        output.alwaysDiscardsLateVideoFrames = true
        output.setSampleBufferDelegate(self, queue: queue)
        session.addOutput(output)
        output.connection(with: .video)?.videoOrientation = .portrait
        session.commitConfiguration()
        queue.async { self.session.startRunning() }
    }

    func captureOutput(
        _ output: AVCaptureOutput, didOutput sampleBuffer: CMSampleBuffer,
        from connection: AVCaptureConnection
    ) {
        if let frame = CMSampleBufferGetImageBuffer(sampleBuffer) {
            continuation.yield(frame)
        }
    }
}
