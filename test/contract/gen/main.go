// Command gen reads the v3 contract's Swagger file and writes its facts to
// test/contract/v3.json: operations, parameters, schemas, limits, statuses.
// No sentence of the file is carried over.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// The variable that names the Swagger file where it does not lie beside the
// checkout.
const swaggerVariable = "KITH_V3_SWAGGER"

func main() {
	swagger := flag.String("swagger", "", "the contract's Swagger `file`; otherwise $"+swaggerVariable+
		", or shared/contract/v3-swagger.yaml in a folder above")
	out := flag.String("o", "v3.json", "the `file` to write")
	flag.Parse()
	if err := run(*swagger, *out); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(swagger, out string) error {
	if swagger == "" {
		var err error
		swagger, err = find()
		if errors.Is(err, fs.ErrNotExist) {
			// The file is not ours to hand on, so few machines have it.
			fmt.Fprintf(os.Stderr, "gen: NOT MADE AGAIN, %s stays as it is: %v\n", out, err)
			return nil
		}
		if err != nil {
			return err
		}
	}
	data, err := os.ReadFile(swagger)
	if err != nil {
		return err
	}
	facts, err := read(data)
	if err != nil {
		return fmt.Errorf("%s: %w", swagger, err)
	}
	text, err := encode(facts)
	if err != nil {
		return err
	}
	return os.WriteFile(out, text, 0o644)
}

// find says where the Swagger file is: where the environment says, or at
// shared/contract in a folder above this one. The error is fs.ErrNotExist
// when there is none.
func find() (string, error) {
	if path := os.Getenv(swaggerVariable); path != "" {
		return path, nil
	}
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		path := filepath.Join(dir, "shared", "contract", "v3-swagger.yaml")
		if _, err := os.Stat(path); err == nil {
			return path, nil
		} else if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("no Swagger file: name it in %s or lay it at shared/contract/v3-swagger.yaml beside the checkout: %w",
				swaggerVariable, fs.ErrNotExist)
		}
		dir = parent
	}
}
