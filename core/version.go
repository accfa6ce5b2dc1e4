package core

// Version is the version of the engine (Semantic Versioning 2.0.0). A model
// archive names the lowest version that scores as its author measured.
const Version = "0.1.0"
