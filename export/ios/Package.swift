// swift-tools-version:5.7
import PackageDescription

let package = Package(
    name: "KioskSearch",
    platforms: [.iOS(.v16), .macOS(.v13)],
    products: [
        .library(name: "KioskSearch", targets: ["KioskSearch"])
    ],
    targets: [
        .target(name: "KioskSearch"),
        .testTarget(name: "KioskSearchTests", dependencies: ["KioskSearch"]),
    ]
)
