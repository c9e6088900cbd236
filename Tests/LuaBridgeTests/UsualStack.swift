import GeuseRuntime

@testable import LuaBridge

extension TestStack {
    /// A stack as tests have it that ask for nothing special.
    static func usual() throws -> TestStack {
        try TestStack(StackName("s"), SandboxOptions(), at: SimulatedTime.usual, version: "0")
    }
}
