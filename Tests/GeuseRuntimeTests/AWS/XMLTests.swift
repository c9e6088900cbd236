import Testing

@testable import GeuseRuntime

@Suite struct XMLTests {
    private func parse(_ text: String) throws -> XMLElement {
        try XMLReader.parse(Array(text.utf8))
    }

    @Test func whatRepliesHave() throws {
        let root = try parse(
            """
            \u{FEFF}<?xml version="1.0" encoding="UTF-8"?>
            <!-- a > b -->
            <ns:Reply xmlns:ns="http://x/" a='>"' >
              <set><item><v>1</v></item><other/><item><v>&lt;&#228;&#x1F642;&amp;&apos;&quot;&gt;</v></item></set>
              <raw><![CDATA[<a>&amp;]]> t<!-- c --><?pi ?>ail</raw ><empty/><also></also>
            </ns:Reply>

            """
        )
        #expect(root.name == "Reply")
        #expect(root.items("set").map { $0.string("v") } == ["1", "<\u{e4}\u{1F642}&'\">"])
        #expect(root.string("raw") == "<a>&amp; tail")
        #expect(root.string("empty") == "")
        #expect(root.string("also") == "")
        #expect(root.string("set", "missing") == nil)
        #expect(root.firstDescendant("v")?.text == "1")
    }

    @Test(arguments: [
        "", "text", "<a>", "<a></b>", "<a/><b/>", "<a", "<a b>", "<a b=c/>", "<a>&unknown;</a>",
        "<a>&#xD800;</a>", "<a>&amp</a>", "<a>&#-1;</a>",
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
        "<a><!DOCTYPE b></a>", "<a><![CDATA[</a>", "<a/>text", "<></>", "<a><!-- </a>",
        String(repeating: "<a>", count: 100_000),
    ])
    func whatIsRefused(text: String) {
        let error = #expect(throws: Diagnostic.self) { try parse(text) }
        #expect(error?.code == "invalid_xml")
    }

    @Test func invalidUTF8IsRefused() {
        #expect(throws: Diagnostic.self) {
            try XMLReader.parse([0x3C, 0x61, 0x3E, 0xFF] + Array("</a>".utf8))
        }
    }

    /// Cut anywhere, a reply is refused, never misread or a crash.
    @Test func cutReplies() throws {
        let text = "<a x=\"1\"><b>&amp;<![CDATA[x]]></b><!-- c --><c/></a>"
        for length in 0..<text.utf8.count {
            #expect(throws: Diagnostic.self) {
                try XMLReader.parse(Array(text.utf8.prefix(length)))
            }
        }
        #expect(try parse(text)["b"]?.text == "&x")
    }
}
