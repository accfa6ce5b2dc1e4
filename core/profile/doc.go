// Package profile is the learned profile as the engine reads it: what is
// normal for each parameter of each endpoint of each protected application.
//
// Nothing is learned here. A Profile is an immutable snapshot made by
// sidecar/learn; this package loads it, looks things up in it and says by how
// many points a finding's score changes and why. It also holds what both sides
// have to do alike: hashing, the shapes of values and path segments, and the
// record of one observed request.
//
// Everything here belongs to what yaegi interprets: standard library only.
package profile
