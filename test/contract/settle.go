package contract

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Settle holds differences and rows against each other, and says in a
// sentence each what does not come out even: a difference that no row
// declares, a row that no difference uses, a row that calls an operation
// unbuilt which is built.
//
// Every departure that a test may meet in an answer shows in the served
// document too, because each answer is checked against that document. So one
// comparison of the document sees the use of all rows, whatever tests run.
// The exception are rows of kind behaviour, which name a test that must be
// there; root is the checkout to look for it in.
func (r Rows) Settle(facts *Facts, differences []Difference, root string) ([]string, error) {
	var out []string
	used := make([]bool, len(r))
	unbuilt := map[string]bool{}
	for _, d := range differences {
		declared := false
		for i, row := range r {
			if row.declares(d) {
				used[i], declared = true, true
			}
		}
		if !declared {
			out = append(out, d.String()+" is no row of docs/divergences.md")
		}
		if d.Kind == KindUnbuilt {
			unbuilt[d.Where] = true
		}
	}
	missing, err := r.missingTests(root)
	if err != nil {
		return nil, err
	}
	for i, row := range r {
		switch {
		case row.Kind == KindBehaviour:
			if missing[row.Test] {
				out = append(out, fmt.Sprintf("%s: no test is called %s", row, row.Test))
			}
		case !used[i]:
			out = append(out, fmt.Sprintf("%s: nothing departs from the contract there", row))
		case row.Kind == KindUnbuilt:
			for _, o := range facts.Operations {
				if glob(row.Where, o.String()) && !unbuilt[o.String()] {
					out = append(out, fmt.Sprintf("%s: %s is built", row, o))
				}
			}
		}
	}
	return out, nil
}

func (r Row) declares(d Difference) bool {
	return r.covers(d.Where, d.Kind) && (r.Contract == "" || r.Contract == d.Contract) && (r.Kith == "" || r.Kith == d.Kith)
}

// missingTests are the tests that rows name and that no Go file of the
// checkout has.
func (r Rows) missingTests(root string) (map[string]bool, error) {
	missing := map[string]bool{}
	for _, row := range r {
		if row.Kind == KindBehaviour {
			missing[row.Test] = true
		}
	}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != root && (entry.Name()[0] == '.' || entry.Name() == "node_modules"):
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for name := range missing {
			if bytes.Contains(data, []byte("func "+name+"(")) {
				delete(missing, name)
			}
		}
		return nil
	})
	return missing, err
}
