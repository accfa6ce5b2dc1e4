package model

// Family is a class of attack.
type Family uint8

// The families. The order is part of the model format: append, never renumber.
const (
	// None is the family of a clean value.
	None Family = iota
	// SQLi is SQL injection (CWE-89).
	SQLi
	// XSS is cross-site scripting and HTML injection (CWE-79, CWE-80).
	XSS
	// CmdI is operating-system command injection (CWE-78).
	CmdI
	// Traversal is path traversal and local file inclusion (CWE-22, CWE-98).
	Traversal
	// SSRF is server-side request forgery, remote file inclusion and open
	// redirects: a URL where none belongs (CWE-918, CWE-601).
	SSRF
	// Template is template and expression-language injection (CWE-1336, CWE-917).
	Template
	// Code is injection of program code: PHP, JavaScript on the server, SSI,
	// prototype pollution (CWE-94, CWE-1321).
	Code
	// XXE is an external XML entity (CWE-611).
	XXE
	// NoSQLi is injection into document-store queries (CWE-943).
	NoSQLi
	// LDAP is LDAP and XPath injection (CWE-90, CWE-643).
	LDAP
	// Deserialization is a hostile serialised object (CWE-502).
	Deserialization
	// Protocol is header injection and request smuggling (CWE-113, CWE-444).
	Protocol
	// Scanner is a probe for files and software that attackers look for.
	Scanner
	// Families is the number of families, None included.
	Families
)

const familyList = "none sqli xss cmdi traversal ssrf template code xxe nosqli ldap deserialization protocol scanner"

var familyNames [Families]string

func init() {
	start, n := 0, 0
	for i := 0; i <= len(familyList); i++ {
		if i == len(familyList) || familyList[i] == ' ' {
			familyNames[n] = familyList[start:i]
			start = i + 1
			n++
		}
	}
}

// Name returns the family's name as it appears in verdicts and policies, or ""
// for a value that is no family.
func (f Family) Name() string {
	if f >= Families {
		return ""
	}
	return familyNames[f]
}

// ParseFamily returns the family of that name; ok is false for an unknown one.
func ParseFamily(name string) (f Family, ok bool) {
	for i := 0; i < int(Families); i++ {
		if familyNames[i] == name {
			return Family(i), true
		}
	}
	return None, false
}
