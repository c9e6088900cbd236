// What becomes of a check whose question the control plane did not answer.

extension Lookup {
    /// The answer, or why this one question has none.
    ///
    /// A permission that is missing, an action that a cloud does not have, or an answer that does not come,
    /// concerns one check; the others are made and shown all the same. Nothing is looked up before EC2 has
    /// told of the instance, so that the way to AWS is there.
    ///
    /// - Returns: the answer, or the error that concerns this question alone.
    /// - Throws: the `Diagnostic` of what would keep every other question from being answered, too.
    func outcome() throws -> Result<Value, Diagnostic> {
        do {
            return .success(try value())
        } catch let error as Diagnostic
            where ErrorClass.concernsOneCall(error) || ErrorClass.isOfNetwork(error.code)
        {
            return .failure(error)
        }
    }
}

extension PreflightCheck {
    /// It could not be found out since a question was not answered.
    ///
    /// - Parameters:
    ///   - name: the check.
    ///   - subject: what was looked at.
    ///   - what: what is not known, as the beginning of a sentence.
    ///   - error: why not.
    ///   - action: the IAM action that the question takes.
    /// - Returns: the check.
    static func unanswered(
        _ name: String,
        of subject: String? = nil,
        _ what: String,
        _ error: Diagnostic,
        action: String
    ) -> Self {
        .unknown(
            name,
            of: subject,
            sentence(what, error),
            hint: ErrorClass.isOfNetwork(error.code)
                ? "For \(action) its service has to be reached from here."
                : "It takes \(action)."
        )
    }

    /// The change must not be begun as long as a question is not answered.
    ///
    /// - Parameters:
    ///   - name: the check.
    ///   - subject: what was looked at.
    ///   - code: the code of the refusal.
    ///   - what: what is not known, as the beginning of a sentence.
    ///   - error: why not.
    ///   - action: the IAM action that the question takes.
    ///   - allowName: the name under which a person who knows the answer may overrule it.
    /// - Returns: the check.
    static func refusedUnanswered(
        _ name: String,
        of subject: String? = nil,
        code: String,
        _ what: String,
        _ error: Diagnostic,
        action: String,
        allowing allowName: String
    ) -> Self {
        .refused(
            name,
            of: subject,
            Diagnostic(
                code,
                sentence(what, error),
                detail: error.detail,
                hint:
                    "Allow \(action) to these credentials, or try again where AWS was busy. If you "
                    + "know that it is right: --allow \(allowName)",
                kind: .refused,
                cause: error
            ),
            allowing: allowName
        )
    }

    private static func sentence(_ what: String, _ error: Diagnostic) -> String {
        "\(what) is not known (\(error.code)): \(error.summary)"
    }
}
