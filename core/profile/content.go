package profile

// Content is a snapshot in the open: what Encode turns into bytes and what a
// learner, an export or a test puts together.
type Content struct {
	// Generation grows with every snapshot of a deployment.
	Generation uint64
	// Created is when it was made, in Unix seconds.
	Created int64
	Assets  []Asset
	Nodes   []Node
	Params  []Record
}

// Asset is a protected application: its name and where it is found.
type Asset struct {
	Name string
	// Host is a host name, "*.example.com" for any below it, or "*".
	Host string
	// Base is the path below which the asset lies, "/" for all.
	Base string
	// Flags is AssetMature or 0.
	Flags uint8
}

// Node is a prefix of endpoints: a method, or a path template up to a segment.
type Node struct {
	Key   uint64
	Flags uint8
}

// The flags of assets, nodes and records.
const (
	// AssetMature: an endpoint that is not in the profile is unusual.
	AssetMature = 1
	// NodeEndpoint: a template ends here. NodeMature: enough is known of that
	// endpoint that a parameter which is not in the profile is unusual.
	NodeEndpoint = 1
	NodeMature   = 2
	// RecordMature: a value unlike those known is unusual. RecordEnum: all
	// values are in Enums.
	RecordMature = 1
	RecordEnum   = 2
)

// The bounds of a record: together they keep it, with its key and offset,
// within 200 bytes.
const (
	MaxEnums    = 12
	MaxFamiliar = 56
)

// Record is what is known of a parameter.
type Record struct {
	Key   uint64
	Flags uint8
	// Types, Classes and Lengths are sets of Type, of class bits and of length
	// buckets that enough independent sources sent.
	Types   uint32
	Classes uint32
	Lengths uint16
	// Sources is how many independent sources sent the parameter.
	Sources uint16
	// Enums are the hashes of all values, ascending, while they are few.
	Enums []uint32
	// Familiar are the prints (Print) of the tokens that score and that this
	// parameter is known to have. Of those the Confirmed are also discounted
	// when the score is critical, because an operator said so.
	Familiar, Confirmed []uint16
	// Votes is how many independent sources sent the rarest of the familiar
	// tokens, Windows in how many windows they did.
	Votes   uint16
	Windows uint8
}

// Print is the fingerprint of a TokenKey. It has 16 bits: among 56 of them one
// that is not meant is found once in 1,200 tokens, and a discount takes three
// or four tokens of one value that are all found.
func Print(token uint32) uint16 { return uint16(token ^ token>>16) }
