import Glibc

/// One question that is answered on a thread of its own while its asker goes on.
///
/// A session is otherwise one thread; look-ups before the first change are independent of each other,
/// and each is mostly waiting for a network.
public final class Lookup<Value: Sendable>: @unchecked Sendable {
    // The answer is written by the thread before its end and read after it was joined.
    private var answer: Result<Value, Diagnostic>?
    private var question: (() throws -> Value)?
    private var thread: pthread_t?

    /// A question that is answered by and by.
    ///
    /// - Parameter question: runs once on another thread; what it uses must be its own.
    public init(inBackground question: @escaping @Sendable () throws -> Value) {
        self.question = question
        let work = Unmanaged.passRetained(LookupWork { self.work() })
        var thread = pthread_t()
        let status = pthread_create(
            &thread,
            nil,
            { raw in
                if let raw { Unmanaged<LookupWork>.fromOpaque(raw).takeRetainedValue().body() }
                return nil
            },
            work.toOpaque()
        )
        if status == 0 {
            self.thread = thread
        } else {
            // Without a thread to spare it is answered when it is asked for.
            work.release()
        }
    }

    deinit {
        if let thread { pthread_detach(thread) }
    }

    /// A question that is answered when it is first asked for, on the asker's thread.
    public init(whenAsked question: @escaping () throws -> Value) { self.question = question }

    /// Waits for the answer.
    ///
    /// - Throws: the `Diagnostic` that the question ended with.
    public func value() throws -> Value {
        join()
        work()
        switch answer {
        case .success(let value): return value
        case .failure(let error): throw error
        case nil: throw Diagnostic("internal_error", "A look-up ended without an answer.")
        }
    }

    private func join() {
        guard let thread else { return }
        self.thread = nil
        pthread_join(thread, nil)
    }

    private func work() {
        guard let question else { return }
        self.question = nil
        do {
            answer = .success(try question())
        } catch {
            answer = .failure(
                error as? Diagnostic ?? Diagnostic("internal_error", "\(error)")
            )
        }
    }
}

/// What a thread is given to do; a C function cannot be generic.
private final class LookupWork {
    let body: () -> Void

    init(_ body: @escaping () -> Void) { self.body = body }
}
