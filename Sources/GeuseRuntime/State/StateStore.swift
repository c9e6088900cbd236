/// Where the states of stacks are kept.
public protocol StateStore: AnyObject {
    /// Every stack, sorted by name; one whose state cannot be used is listed with the reason.
    func list() throws -> [StateEntry]
    /// The state of one stack.
    func load(_ name: StackName) throws -> LoadedState
    /// Writes a state.
    ///
    /// - Parameters:
    ///   - state: the new state; `updated_at` is set to now.
    ///   - loaded: the state that it takes the place of; nil for a stack that is new here.
    ///   - lock: the stack's lock, held.
    /// - Returns: the state as it is stored now.
    /// - Throws: `Diagnostic`; code `state_changed` when somebody else wrote in between.
    @discardableResult
    func save(
        _ state: DeploymentState,
        replacing loaded: LoadedState?,
        under lock: DeploymentLock
    ) throws -> LoadedState
}

/// A state together with the exact bytes that it was read from.
public struct LoadedState: Sendable, Equatable {
    /// The state, migrated to the current schema if need be.
    public let state: DeploymentState
    /// The file's bytes.
    public let bytes: [UInt8]
    /// The migrations that reading it needed; they are stored with the next save.
    public let migrations: [String]
}

/// One stack in a list.
public struct StateEntry: Sendable {
    /// The stack's name, from the file's name.
    public let name: String
    /// Its state, or why there is none.
    public let state: Result<DeploymentState, Diagnostic>
}
