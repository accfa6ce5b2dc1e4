package set

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// WriteTree copies the packages below gopath/src, as the interpreter expects
// them: their Go files and whatever their testdata holds, except the corpora
// that native fuzzing keeps there. What was in gopath/src before is removed, so
// that a file deleted from the module does not live on in the copy.
//
// A generated tree and not build tags, because yaegi ignores //go:build lines
// and would interpret a file that the native build leaves out.
func WriteTree(gopath string, packages []Package) error {
	src := filepath.Join(gopath, "src")
	if err := os.RemoveAll(src); err != nil {
		return fmt.Errorf("write interpreter tree: %w", err)
	}
	for _, p := range packages {
		dst := filepath.Join(src, filepath.FromSlash(p.ImportPath))
		if err := os.MkdirAll(dst, 0o755); err != nil {
			return fmt.Errorf("write interpreter tree: %w", err)
		}
		for _, name := range p.Files {
			if err := copyFile(filepath.Join(dst, name), filepath.Join(p.Dir, name)); err != nil {
				return fmt.Errorf("write interpreter tree: %w", err)
			}
		}
		if err := copyTestdata(dst, p.Dir); err != nil {
			return fmt.Errorf("write interpreter tree: %w", err)
		}
	}
	return nil
}

func copyTestdata(dst, src string) error {
	root := filepath.Join(src, "testdata")
	if _, err := os.Stat(root); os.IsNotExist(err) {
		return nil
	}
	return filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(src, file)
		if err != nil {
			return err
		}
		if d.IsDir() {
			if d.Name() == "fuzz" {
				return fs.SkipDir
			}
			return os.MkdirAll(filepath.Join(dst, rel), 0o755)
		}
		return copyFile(filepath.Join(dst, rel), file)
	})
}

func copyFile(dst, src string) error {
	data, err := os.ReadFile(src)
	if err != nil {
		return err
	}
	return os.WriteFile(dst, data, 0o644)
}
