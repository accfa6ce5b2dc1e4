package decode

import (
	"strconv"
	"strings"
)

// entityText lists the character references HTML decodes by name: all of HTML
// 4, plus those of HTML 5 (section 13.5) that stand for an ASCII character, a
// blank, a zero-width character or a look-alike of a slash, quote or bracket.
// The rest of HTML 5's two thousand are mathematical signs that no attack
// needs. Each name is followed by its code point in hexadecimal; a name without
// semicolon is one that browsers also accept without it.
const entityText = `
AElig c6 AMP 26 Aacute c1 Acirc c2 Agrave c0 Alpha; 391 ApplyFunction; 2061 Aring c5 Atilde c3
Auml c4 Backslash; 2216 Beta; 392 COPY a9 Ccedil c7 Chi; 3a7 CloseCurlyDoubleQuote; 201d
CloseCurlyQuote; 2019 Dagger; 2021 Delta; 394 DiacriticalGrave; 60 ETH d0 Eacute c9 Ecirc ca
Egrave c8 Epsilon; 395 Eta; 397 Euml cb GT 3e Gamma; 393 Hat; 5e Iacute cd Icirc ce Igrave cc
InvisibleComma; 2063 InvisibleTimes; 2062 Iota; 399 Iuml cf Kappa; 39a LT 3c Lambda; 39b
LeftAngleBracket; 27e8 MediumSpace; 205f Mu; 39c NegativeMediumSpace; 200b
NegativeThickSpace; 200b NegativeThinSpace; 200b NegativeVeryThinSpace; 200b NewLine; a
NoBreak; 2060 NonBreakingSpace; a0 Ntilde d1 Nu; 39d OElig; 152 Oacute d3 Ocirc d4 Ograve d2
Omega; 3a9 Omicron; 39f OpenCurlyDoubleQuote; 201c OpenCurlyQuote; 2018 Oslash d8 Otilde d5
Ouml d6 Phi; 3a6 Pi; 3a0 Prime; 2033 Psi; 3a8 QUOT 22 REG ae Rho; 3a1 RightAngleBracket; 27e9
Scaron; 160 Sigma; 3a3 THORN de Tab; 9 Tau; 3a4 Theta; 398 ThinSpace; 2009 Uacute da Ucirc db
Ugrave d9 UnderBar; 5f Upsilon; 3a5 Uuml dc VerticalLine; 7c VeryThinSpace; 200a Xi; 39e
Yacute dd Yuml; 178 ZeroWidthSpace; 200b Zeta; 396 aacute e1 acirc e2 acute b4 aelig e6 af; 2061
agrave e0 alefsym; 2135 alpha; 3b1 amp 26 and; 2227 ang; 2220 apos; 27 aring e5 ast; 2a
asymp; 2248 atilde e3 auml e4 backprime; 2035 bdquo; 201e beta; 3b2 bprime; 2035 brvbar a6
bsol; 5c bull; 2022 cap; 2229 ccedil e7 cedil b8 cent a2 chi; 3c7 circ; 2c6 clubs; 2663
colon; 3a comma; 2c commat; 40 cong; 2245 copy a9 crarr; 21b5 cup; 222a curren a4 dArr; 21d3
dagger; 2020 darr; 2193 dash; 2010 deg b0 delta; 3b4 diams; 2666 divide f7 dollar; 24 eacute e9
ecirc ea egrave e8 empty; 2205 emsp13; 2004 emsp14; 2005 emsp; 2003 ensp; 2002 epsilon; 3b5
equals; 3d equiv; 2261 eta; 3b7 eth f0 euml eb euro; 20ac excl; 21 exist; 2203 fnof; 192
forall; 2200 frac12 bd frac14 bc frac34 be frasl; 2044 gamma; 3b3 ge; 2265 grave; 60 gt 3e
hArr; 21d4 hairsp; 200a harr; 2194 hearts; 2665 hellip; 2026 hyphen; 2010 iacute ed ic; 2063
icirc ee iexcl a1 igrave ec image; 2111 imath; 131 infin; 221e inodot; 131 int; 222b iota; 3b9
iquest bf isin; 2208 it; 2062 iuml ef kappa; 3ba lArr; 21d0 lambda; 3bb lang; 27e8 langle; 27e8
laquo ab larr; 2190 lbrace; 7b lbrack; 5b lceil; 2308 lcub; 7b ldquo; 201c ldquor; 201e le; 2264
lfloor; 230a lowast; 2217 lowbar; 5f loz; 25ca lpar; 28 lrm; 200e lsaquo; 2039 lsqb; 5b
lsquo; 2018 lsquor; 201a lt 3c macr af mdash; 2014 micro b5 midast; 2a middot b7 minus; 2212
mu; 3bc nabla; 2207 nbsp a0 ndash; 2013 ne; 2260 ni; 220b not ac notin; 2209 nsub; 2284
ntilde f1 nu; 3bd num; 23 numsp; 2007 oacute f3 ocirc f4 oelig; 153 ograve f2 oline; 203e
omega; 3c9 omicron; 3bf oplus; 2295 or; 2228 ordf aa ordm ba oslash f8 otilde f5 otimes; 2297
ouml f6 para b6 part; 2202 percnt; 25 period; 2e permil; 2030 perp; 22a5 phi; 3c6 pi; 3c0
piv; 3d6 plus; 2b plusmn b1 pound a3 prime; 2032 prod; 220f prop; 221d psi; 3c8 puncsp; 2008
quest; 3f quot 22 rArr; 21d2 radic; 221a rang; 27e9 rangle; 27e9 raquo bb rarr; 2192 rbrace; 7d
rbrack; 5d rceil; 2309 rcub; 7d rdquo; 201d rdquor; 201d real; 211c reg ae rfloor; 230b rho; 3c1
rlm; 200f rpar; 29 rsaquo; 203a rsqb; 5d rsquo; 2019 rsquor; 2019 sbquo; 201a scaron; 161
sdot; 22c5 sect a7 semi; 3b setminus; 2216 setmn; 2216 shy ad sigma; 3c3 sigmaf; 3c2 sim; 223c
smallsetminus; 2216 sol; 2f spades; 2660 ssetmn; 2216 sub; 2282 sube; 2286 sum; 2211 sup1 b9
sup2 b2 sup3 b3 sup; 2283 supe; 2287 szlig df tau; 3c4 there4; 2234 theta; 3b8 thetasym; 3d1
thinsp; 2009 thorn fe tilde; 2dc times d7 trade; 2122 uArr; 21d1 uacute fa uarr; 2191 ucirc fb
ugrave f9 uml a8 upsih; 3d2 upsilon; 3c5 uuml fc verbar; 7c vert; 7c weierp; 2118 xi; 3be
yacute fd yen a5 yuml ff zeta; 3b6 zwj; 200d zwnj; 200c
`

// entityLongest is the length of the longest name in entityText, entityLegacyMax
// that of the longest one that needs no semicolon; the setup checks both.
var entityLongest, entityLegacyMax int

// entityRunes maps a name to its code point; entityLegacy holds the subset that
// needs no semicolon. Both are read-only after setup.
var entityRunes, entityLegacy map[string]rune

func init() {
	f := strings.Fields(entityText)
	entityRunes = make(map[string]rune, len(f)/2)
	entityLegacy = make(map[string]rune, 128)
	for i := 0; i+1 < len(f); i += 2 {
		name := strings.TrimSuffix(f[i], ";")
		v, err := strconv.ParseUint(f[i+1], 16, 32)
		if err != nil {
			continue // the test counts the entries, so that none is lost here
		}
		entityRunes[name] = rune(v)
		if len(name) > entityLongest {
			entityLongest = len(name)
		}
		if name != f[i] {
			continue
		}
		entityLegacy[name] = rune(v)
		if len(name) > entityLegacyMax {
			entityLegacyMax = len(name)
		}
	}
}
