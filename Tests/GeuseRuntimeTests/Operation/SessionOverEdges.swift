@testable import GeuseRuntime

extension Session {
    /// The same session before its first step, over another control plane or host.
    ///
    /// - Parameters:
    ///   - cloud: the control plane; its own where there is none.
    ///   - host: the host; its own where there is none.
    /// - Returns: the session.
    func over(cloud: (any Cloud)? = nil, host: (any Host)? = nil) -> Session {
        Session(
            target: target,
            edges: SessionEdges(
                cloud: cloud ?? edges.cloud,
                host: host ?? edges.host,
                clock: edges.clock,
                cancellation: edges.cancellation,
                observer: edges.observer,
                approver: edges.approver,
                record: edges.record,
                owner: edges.owner
            ),
            settings: settings,
            plan: plan,
            facts: facts,
            run: run,
            started: started
        )
    }
}
