import KioskSearch
import SwiftUI

/// Hold a product to the camera; the app says what it is. Everything stays on the phone.
@main
struct KioskSampleApp: App {
    @StateObject private var kiosk = KioskModel()

    var body: some Scene {
        WindowGroup {
            KioskView(kiosk: kiosk)
                .task { await kiosk.start() }
        }
    }
}
