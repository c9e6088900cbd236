import GeuseRuntime
import Testing

/// Images with variables: edited inside the default, or refused with the variable's name.
@Suite struct ImageVariableTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var resolved: String
        var image: String
        var result: String?

        init(_ text: String, _ resolved: String, _ image: String, _ result: String?) {
            self.text = text
            self.resolved = resolved
            self.image = image
            self.result = result
        }

        var testDescription: String { "\(text) at \(resolved) to \(image)" }
    }

    @Test(arguments: [
        Case("${I:-a/b:1}", "a/b:1", "c/d:2", "${I:-c/d:2}"),
        Case("${I-a/b:1}", "a/b:1", "c/d@sha256:" + digits, "${I-c/d@sha256:" + digits + "}"),
        Case("repo:${TAG:-1.0}", "repo:1.0", "repo:11.0", "repo:${TAG:-11.0}"),
        Case("repo:${TAG:-1.0}", "repo:1.0", "other:2.0", "other:${TAG:-2.0}"),
        Case(
            "repo:${TAG:-1.0}",
            "repo:1.0",
            "repo:2@sha256:" + digits,
            "repo:${TAG:-2@sha256:" + digits + "}"
        ),
        Case("repo:${TAG:-1.0}", "repo:1.0", "repo", nil),
        Case("repo:${TAG:-1.0}", "repo:0.9", "repo:2.0", nil),
        Case("repo:${TAG:-1.0}", "repo:1.0", "repo:1.0", "repo:${TAG:-1.0}"),
        Case("${REG:-docker.io}/x:1", "docker.io/x:1", "docker.io/x:2", "${REG:-docker.io}/x:2"),
        Case("${REG:-docker.io}/x:1", "docker.io/x:1", "ghcr.io/y:2", "${REG:-ghcr.io}/y:2"),
        Case("${REG:-docker.io}/x:1", "ghcr.io/x:1", "ghcr.io/x:2", "${REG:-docker.io}/x:2"),
        Case("${REG:-docker.io}/x:1", "ghcr.io/x:1", "docker.io/x:2", nil),
        Case("${REG}/x:${T:-1}", "r.io/x:1", "r.io/x:2", "${REG}/x:${T:-2}"),
        Case("$REG/x:${T:-1}", "r.io/x:1", "s.io/x:2", nil),
        Case("${REG:?must be set}/x:1", "r.io/x:1", "r.io/x:2", "${REG:?must be set}/x:2"),
        Case("${A:-${B:-x:1}}", "x:1", "x:2", "${A:-${B:-x:2}}"),
        Case("${A:-x:${B:-1}}", "x:7", "y:7", "${A:-y:${B:-1}}"),
        Case("x:${SUFFIX:+1-gpu}", "x:1-gpu", "x:2-gpu", nil),
        Case("x${SUFFIX:-}", "x", "x:2", "x:2${SUFFIX:-}"),
        Case("${A:-}x:1", "x:1", "r/x:1", "${A:-}r/x:1"),
    ])
    func aVariableIsEditedInItsDefaultOrRefused(_ test: Case) throws {
        for quote in ["", "'", "\""] {
            // A plain scalar can't hold `:?must be` safely in every layout; quotes can.
            let value = quote + test.text + quote
            let text = "services:\n  s:\n    image: \(value) # c\n"
            guard let result = test.result else {
                let error = ComposeEditingTests.refusal(
                    text,
                    "s",
                    test.image,
                    resolved: test.resolved
                )
                #expect(error?.code == "compose_image_variable")
                continue
            }
            let edited = try ComposeEditingTests.edited(
                text,
                "s",
                test.image,
                resolved: test.resolved
            )
            #expect(edited == "services:\n  s:\n    image: \(quote)\(result)\(quote) # c\n")
        }
    }

    @Test func theRefusalNamesTheVariableAndWhereToSetIt() {
        let text = "services:\n  s:\n    image: ${R:-a}/x:${TAG:-1.0}\n"
        let error = ComposeEditingTests.refusal(text, "s", "a/x:2", resolved: "a/x:0.9")
        #expect(error?.code == "compose_image_variable")
        #expect(error?.summary.contains("from TAG,") == true)
        #expect(error?.hint?.contains("Set TAG in `.env` or `runtime.env`") == true)
    }

    @Test func whatComposeResolvesMustFitTheText() {
        let text = "services:\n  s:\n    image: a:${T:-1}\n"
        for resolved in ["b:1", "", nil] {
            let error = ComposeEditingTests.refusal(text, "s", "a:2", resolved: resolved)
            #expect(error?.code == "compose_image_unresolved")
        }
    }

    @Test func manyVariablesDoNotSearchForEver() {
        let variables = (0..<60).map { "$V\($0)" }.joined()
        let text = "services:\n  s:\n    image: \"\(variables).z\"\n"
        let resolved = String(repeating: "y", count: 400)
        let error = ComposeEditingTests.refusal(text, "s", "a:2", resolved: resolved)
        #expect(error?.code == "compose_image_unresolved")
    }
}

private let digits = String(repeating: "0123456789abcdef", count: 4)
