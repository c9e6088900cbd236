import Testing

@testable import GeuseRuntime

/// Lists of tags that lie elsewhere or come in pages: the real script, a curl that answers from files.
@Suite struct RegistryPagesTests {
    private static let first = "\(HostWorld.hub)/tags/list?n=1000"
    private static let page = "/v2/n8nio/n8n/tags/list?n=1000&last=b"
    private let image = ImageReference(unchecked: "n8nio/n8n:2.0")

    private func world() throws -> HostWorld {
        let world = try HostWorld()
        try world.installCurl()
        return world
    }

    @Test(arguments: [
        "<\(page)>; rel=\"Next\"", "<\(page)>;REL = NEXT", "<\(page)>; rel=\"last next\"",
        "<?n=1000&last=b>; rel=\"next\"", "<tags/list?n=1000&last=b>; rel=\"next\"",
        "<list?n=1000&last=b>; rel=next", "<http://registry-1.docker.io\(page)>; rel=\"next\"",
        "<https://inner.test\(page)>; rel=\"next\"", "<//inner.test\(page)>; rel=\"next\"",
        "</v2/first>; rel=\"first\", <\(page)>; rel=\"next\"",
        "<\(page)>; title=\"a, b; rel=prev\"; rel=\"next\"",
    ])
    func everyFormOfALinkLeadsToTheNextPage(_ link: String) throws {
        let world = try world()
        let needs = "Bearer t0ken"
        try world.serve(Self.first, ["Link: " + link], body: #"{"tags":["a"]}"#, needs: needs)
        try world.serve(Self.first + "&last=b", body: #"{"tags":["c"]}"#, needs: needs)
        #expect(try world.host().tags(of: image, beginningWith: "") == ["a", "c"])
        #expect(try !world.requests().contains { $0.contains("inner.test") })
    }

    @Test func severalLinkHeadersAreRead() throws {
        let world = try world()
        let links = ["Link: <\(Self.page)>; rel=\"next\"", "Link: </v2/first>; rel=\"first\""]
        try world.serve(Self.first, links, body: #"{"tags":["a"]}"#)
        try world.serve(Self.first + "&last=b", body: #"{"tags":["c"]}"#)
        #expect(try world.host().tags(of: image, beginningWith: "") == ["a", "c"])
    }

    @Test(arguments: [
        "<\(page)>; rel=\"prev\"", "<\(page)>; rel=\"nextish\"", "<\(page)>; title=\"x; rel=next\"",
    ])
    func anotherRelationLeadsNowhere(_ link: String) throws {
        let world = try world()
        try world.serve(Self.first, ["Link: " + link], body: #"{"tags":["a"]}"#)
        #expect(try world.host().tags(of: image, beginningWith: "") == ["a"])
    }

    @Test func aListThatGoesOnElsewhereIsNotGivenInPart() throws {
        let world = try world()
        let link = "Link: <https://evil.test/x>; rel=\"next\""
        try world.serve(Self.first, [link], body: #"{"tags":["a"]}"#)
        let error = #expect(throws: Diagnostic.self) {
            try world.host().tags(of: image, beginningWith: "")
        }
        #expect(error?.code == "too_many_tags")
        #expect(error?.detail?.contains("no page of it") == true)
        #expect(try !world.requests().contains { $0.contains("evil.test") })
    }

    @Test(arguments: [301, 302, 303, 307, 308])
    func aListIsFollowedToWhereItLies(_ code: Int) throws {
        let world = try world()
        let own = "https://registry-1.docker.io/v2/moved/tags/list?n=1000"
        let needs = "Bearer t0ken"
        try world.serve(
            Self.first,
            code: code,
            ["Location: /v2/moved/tags/list?n=1000"],
            needs: needs
        )
        // The registry itself takes the token, another host gets none; its pages are asked for at the first.
        try world.serve(own, code: code, ["Location: https://cdn.test/list"], needs: needs)
        let link = "Link: <\(Self.page)>; rel=\"next\""
        try world.serve("https://cdn.test/list", [link], body: #"{"tags":["a"]}"#)
        try world.serve(Self.first + "&last=b", body: #"{"tags":["c"]}"#, needs: needs)
        #expect(try world.host().tags(of: image, beginningWith: "") == ["a", "c"])
        let elsewhere = try world.requests().filter { $0.contains("cdn.test") }
        #expect(elsewhere == ["GET https://cdn.test/list"])
    }

    @Test func aTokenIsFetchedBehindARedirectOfTheRegistrysOwn() throws {
        let world = try world()
        let own = "https://registry-1.docker.io/v2/moved/tags/list?n=1000"
        try world.serve(Self.first, code: 307, ["Location: \(own)"])
        try world.serve(own, body: #"{"tags":["a"]}"#, needs: "Bearer t0ken")
        #expect(try world.host().tags(of: image, beginningWith: "") == ["a"])
    }

    @Test func anotherHostsRefusalSaysNothingOfTheRepository() throws {
        let world = try world()
        try world.serve(Self.first, code: 307, ["Location: https://cdn.test/list"])
        try world.serve("https://cdn.test/list", code: 403)
        let error = #expect(throws: Diagnostic.self) {
            try world.host().tags(of: image, beginningWith: "")
        }
        #expect(error?.code == "registry_unanswered")
    }
}
