// swift-tools-version: 6.2
import PackageDescription

// Swift 6 language mode comes with the tools version; a warning is an error in our own targets.
let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]
// The tests play thousands of simulated runs with the debug build; optimized, they take half the time.
let optimized: [SwiftSetting] =
    Context.environment["GEUSE_OPTIMIZED"] == nil
    ? [] : [.unsafeFlags(["-O"], .when(configuration: .debug))]

let package = Package(
    name: "geusemaker",
    products: [
        .executable(name: "geusemaker", targets: ["geusemaker"]),
        .executable(name: "bridge-bench", targets: ["bridge-bench"]),
    ],
    dependencies: [
        // Why each one is here: docs/DEPENDENCIES.md.
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        .target(
            name: "CCurl",
            path: "Sources/GeuseRuntime/HTTP/CCurl",
            linkerSettings: [.linkedLibrary("dl")]
        ),
        .target(
            name: "CSystem",
            path: "Sources/GeuseRuntime/System/CSystem",
            linkerSettings: [.linkedLibrary("z")]
        ),
        .target(
            name: "CLua",
            path: "Sources/LuaBridge/CLua",
            // Embedded by library.c.
            exclude: ["prelude.lua"],
            cSettings: [.unsafeFlags(["-I/usr/include/lua5.4"])],
            linkerSettings: [.linkedLibrary("lua5.4"), .linkedLibrary("m")]
        ),
        .target(
            name: "GeuseRuntime",
            dependencies: [
                "CCurl",
                "CSystem",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Yams", package: "Yams"),
            ],
            exclude: ["HTTP/CCurl", "System/CSystem"],
            swiftSettings: strict + optimized
        ),
        .target(
            name: "LuaBridge",
            dependencies: ["CLua", "GeuseRuntime"],
            exclude: ["CLua"],
            // Stock is a link to the scripts at the top level; they become part of the binary.
            resources: [
                .embedInCode("Stock/backup.lua"), .embedInCode("Stock/maintenance.lua"),
                .embedInCode("Stock/resize_night.lua"), .embedInCode("Stock/restore.lua"),
                .embedInCode("Stock/rollback.lua"), .embedInCode("Stock/rotate_credentials.lua"),
                .embedInCode("Stock/rotate_images.lua"),
                .embedInCode("Stock/security_patch.lua"), .embedInCode("Stock/update.lua"),
                // What `script new` writes.
                .embedInCode("Templates/script.lua"), .embedInCode("Templates/script_test.lua"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "geusemaker",
            dependencies: [
                "GeuseRuntime",
                "LuaBridge",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        // Measures the way between core and script for bench/bridge.
        .executableTarget(
            name: "bridge-bench",
            dependencies: ["GeuseRuntime", "LuaBridge"],
            path: "bench/bridge-program",
            swiftSettings: strict
        ),
        .testTarget(
            name: "GeuseRuntimeTests",
            dependencies: ["GeuseRuntime"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "LuaBridgeTests",
            dependencies: ["LuaBridge", "CLua", "GeuseRuntime"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CommandTests",
            dependencies: ["geusemaker", "LuaBridge", "GeuseRuntime"],
            swiftSettings: strict
        ),
    ]
)
