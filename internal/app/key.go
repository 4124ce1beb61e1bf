package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"kith/internal/base/fault"
	"kith/internal/base/secret"
	"kith/internal/ops"
)

var errKeyDiffers = fault.New(fault.Conflict, "secret_key.differs",
	"The secret key in the settings is not the one that this data was made with; "+
		"what was sealed with that one could not be read any more.")

// findKey returns the server's secret key: the operator's, the one that was
// kept, or a new one, which is then kept — beside the data, or in a database
// that other processes share.
func (b *Base) findKey(ctx context.Context) (secret.Key, error) {
	kept, err := b.keptKey(ctx)
	if err != nil {
		return secret.Key{}, err
	}
	if given := b.Config.SecretKey; !given.IsZero() {
		if kept != "" && kept != given.Reveal() {
			return secret.Key{}, errKeyDiffers
		}
		return secret.Parse(given.Reveal())
	}
	if kept == "" {
		if kept, err = b.keepKey(ctx, secret.New().Text()); err != nil {
			return secret.Key{}, err
		}
	}
	return secret.Parse(kept)
}

// keptKey returns the text of the key that was kept, or nothing.
func (b *Base) keptKey(ctx context.Context) (string, error) {
	if b.shared() {
		text, err := b.Store.ServerKey(ctx)
		if fault.Is(err, fault.NotFound) {
			err = nil
		}
		return text, err
	}
	body, err := os.ReadFile(ops.Folder(b.Config.Data).Key())
	if errors.Is(err, os.ErrNotExist) {
		err = nil
	}
	return strings.TrimSpace(string(body)), err
}

// keepKey keeps a new key and returns the one that is kept then: another
// process may have been faster.
func (b *Base) keepKey(ctx context.Context, text string) (string, error) {
	if b.shared() {
		return b.Store.KeepServerKey(ctx, text)
	}
	step, err := ops.HoldStep(b.Config.Data)
	if err != nil {
		return "", err
	}
	defer step.Release() //nolint:errcheck // closing a file that was only locked
	if kept, err := b.keptKey(ctx); kept != "" || err != nil {
		return kept, err
	}
	if err := ops.WriteFile(ops.Folder(b.Config.Data).Key(), []byte(text+"\n")); err != nil {
		return "", fmt.Errorf("keep the secret key: %w", err)
	}
	return text, nil
}
