import CLua
import Testing

@testable import LuaBridge

/// Both sides mean the same by each number.
@Suite struct WireFormatTests {
    @Test func kindsAreThoseOfTheWorker() {
        let pairs: [(WireFormat.FrameKind, geuse_frame_kind)] = [
            (.start, GEUSE_FRAME_START), (.returned, GEUSE_FRAME_RETURN),
            (.error, GEUSE_FRAME_ERROR), (.source, GEUSE_FRAME_SOURCE),
            (.ready, GEUSE_FRAME_READY), (.call, GEUSE_FRAME_CALL),
            (.require, GEUSE_FRAME_REQUIRE), (.done, GEUSE_FRAME_DONE),
            (.failed, GEUSE_FRAME_FAILED), (.position, GEUSE_FRAME_POSITION),
        ]
        for (ours, theirs) in pairs { #expect(UInt32(ours.rawValue) == theirs.rawValue) }
    }

    @Test func tagsAreThoseOfTheWorker() {
        let pairs: [(WireFormat.Tag, geuse_value_tag)] = [
            (.nil, GEUSE_VALUE_NIL), (.false, GEUSE_VALUE_FALSE), (.true, GEUSE_VALUE_TRUE),
            (.integer, GEUSE_VALUE_INTEGER), (.double, GEUSE_VALUE_DOUBLE),
            (.string, GEUSE_VALUE_STRING), (.list, GEUSE_VALUE_LIST), (.map, GEUSE_VALUE_MAP),
        ]
        for (ours, theirs) in pairs { #expect(UInt32(ours.rawValue) == theirs.rawValue) }
    }
}
