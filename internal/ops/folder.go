package ops

import (
	"errors"
	"os"
	"path/filepath"
)

// Folder is the data folder. It says where in it things lie.
type Folder string

// Database is the SQLite file; two more with endings of their own stand
// beside it while it is open.
func (d Folder) Database() string { return d.in(databaseName) }

// Key is the file of the secret key.
func (d Folder) Key() string { return d.in(keyName) }

// Uploads is the folder of uploads and made files.
func (d Folder) Uploads() string { return d.in(uploadsName) }

// Certificates is the folder of certificates that were fetched by ACME.
func (d Folder) Certificates() string { return d.in("certificates") }

const (
	databaseName = "kith.db"
	keyName      = "secret.key"
	uploadsName  = "uploads"
)

func (d Folder) in(name string) string { return filepath.Join(string(d), name) }

// WriteFile writes a file for its owner alone that is there whole or not at
// all, also after a loss of power.
func WriteFile(path string, body []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	_, err = f.Write(body)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return syncFolder(filepath.Dir(path))
}

// syncFolder makes names that were made or changed in a folder last.
func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
