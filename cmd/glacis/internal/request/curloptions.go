package request

import "strings"

// curlShort gives the long name of curl's one-letter options that take a value
// or shape the request. Other letters are flags that change nothing here.
var curlShort = map[byte]string{
	'X': "request", 'd': "data", 'F': "form", 'H': "header", 'b': "cookie", 'u': "user",
	'A': "user-agent", 'e': "referer", 'G': "get", 'I': "head", 'T': "upload-file", 'r': "range",
	'o': "output", 'c': "cookie-jar", 'm': "max-time", 'x': "proxy", 'w': "write-out", 'K': "config",
	'E': "cert", 'D': "dump-header", 'C': "continue-at", 'Q': "quote", 'U': "proxy-user",
	'Y': "speed-limit", 'y': "speed-time", 'z': "time-cond", 'P': "ftp-port", 't': "telnet-option",
	'h': "help",
}

// curlValued lists curl's long options that take a value (curl 8.5, `curl
// --help all`), so that the value is not taken for a URL.
var curlValued = map[string]bool{}

func init() {
	for _, name := range strings.Fields(`
abstract-unix-socket alt-svc aws-sigv4 cacert capath cert cert-type ciphers config connect-timeout
connect-to continue-at cookie cookie-jar create-file-mode crlfile curves data data-ascii data-binary
data-raw data-urlencode delegation dns-interface dns-ipv4-addr dns-ipv6-addr dns-servers doh-url
dump-header egd-file engine etag-compare etag-save expect100-timeout form form-string ftp-account
ftp-alternative-to-user ftp-method ftp-port ftp-ssl-ccc-mode happy-eyeballs-timeout-ms haproxy-clientip
header help hostpubmd5 hostpubsha256 hsts interface ipfs-gateway json keepalive-time key key-type krb libcurl
limit-rate local-port login-options mail-auth mail-from mail-rcpt max-filesize max-redirs max-time
netrc-file noproxy oauth2-bearer output output-dir parallel-max pass pinnedpubkey preproxy proto
proto-default proto-redir proxy proxy-cacert proxy-capath proxy-cert proxy-cert-type proxy-ciphers
proxy-crlfile proxy-header proxy-key proxy-key-type proxy-pass proxy-pinnedpubkey proxy-service-name
proxy-tls13-ciphers proxy-tlsauthtype proxy-tlspassword proxy-tlsuser proxy-user proxy1.0 pubkey quote
random-file range rate referer request request-target resolve retry retry-delay retry-max-time
sasl-authzid service-name socks4 socks4a socks5 socks5-gssapi-service socks5-hostname speed-limit
speed-time stderr telnet-option tftp-blksize time-cond tls-max tls13-ciphers tlsauthtype tlspassword
tlsuser trace trace-ascii trace-config unix-socket upload-file url url-query user user-agent variable
write-out`) {
		curlValued[name] = true
	}
}

func curlTakesValue(name string) bool { return curlValued[name] }
