// Package targets holds whom to test: one folder a system, with target files
// that say how to start it, what it promises and how each operation is done.
// It loads those files; it performs nothing except starting the target.
package targets

import (
	"time"

	"github.com/sessionspec/sessionspec/internal/yamlx"
)

// Target is one target file, resolved to one release.
type Target struct {
	Name           string                `yaml:"name,required" json:"name"`
	Title          string                `yaml:"title" json:"title,omitempty"`
	Vars           map[string]string     `yaml:"vars" json:"vars,omitempty"`
	Releases       map[string]Release    `yaml:"releases" json:"releases,omitempty"`
	DefaultRelease string                `yaml:"default_release" json:"default_release,omitempty"`
	Setup          *Command              `yaml:"setup" json:"setup,omitempty"`
	Launch         *Command              `yaml:"start" json:"start,omitempty"`
	Base           string                `yaml:"base,required" json:"base"`
	CA             string                `yaml:"ca" json:"ca,omitempty"`
	Declares       Declares              `yaml:"declares" json:"declares,omitempty"`
	Users          map[string]Account    `yaml:"users" json:"users,omitempty"`
	Provision      Steps                 `yaml:"provision" json:"provision,omitempty"`
	Operations     Operations            `yaml:"operations,required" json:"operations"`
	Clients        map[string]ClientKind `yaml:"clients" json:"clients,omitempty"`
	Claim          *Claim                `yaml:"claim" json:"claim,omitempty"`
	Pages          []Page                `yaml:"pages" json:"pages,omitempty"`
	Pos            yamlx.Pos             `yaml:"-" json:"-"`

	// Release is the one resolved, "" where the file has none.
	Release string `yaml:"-" json:"-"`
	// Folder is the folder's name, File the file as shown to the user, Dir
	// where the folder is on disk (filled by Start for embedded targets).
	Folder string `yaml:"-" json:"-"`
	File   string `yaml:"-" json:"-"`
	Dir    string `yaml:"-" json:"-"`
	// Trusted targets (those that ship with sessionspec) may run commands
	// without --allow-exec.
	Trusted bool `yaml:"-" json:"-"`

	source Source
}

// Release is a named set of variables: which version, which configuration.
type Release struct {
	Title string            `yaml:"title" json:"title,omitempty"`
	Vars  map[string]string `yaml:"vars" json:"vars,omitempty"`
}

// Command is a process of the target's own.
type Command struct {
	Command []Template          `yaml:"command,required" json:"command"`
	Env     map[string]Template `yaml:"env" json:"env,omitempty"`
	// Ready is the request that answers below 500 once the target serves: "GET /path".
	Ready   string        `yaml:"ready" json:"ready,omitempty"`
	Timeout time.Duration `yaml:"timeout" json:"timeout,omitempty"`
}

// Account is one that exists beforehand.
type Account struct {
	User     Template `yaml:"user,required" json:"user"`
	Password Template `yaml:"password,required" json:"password"`
}

// Declares is what the target promises. What is not declared is judged by the
// strict default, and the report says "not declared".
type Declares struct {
	ChangePassword    *PasswordChange `yaml:"change_password" json:"change_password,omitempty"`
	ResetPassword     *PasswordChange `yaml:"reset_password" json:"reset_password,omitempty"`
	Disable           *Suspension     `yaml:"disable" json:"disable,omitempty"`
	AnonymousSessions *bool           `yaml:"anonymous_sessions" json:"anonymous_sessions,omitempty"`
	Persistence       string          `yaml:"persistence,oneof=browser|persistent" json:"persistence,omitempty"`
	AddressChange     string          `yaml:"address_change,oneof=keep|end" json:"address_change,omitempty"`
	SignInAgain       string          `yaml:"sign_in_again,oneof=replaces|refused|adds" json:"sign_in_again,omitempty"`
	Without           []string        `yaml:"without" json:"without,omitempty"`
}

// PasswordChange says what a new password does to sessions.
type PasswordChange struct {
	Others  string `yaml:"others,oneof=end|keep" json:"others,omitempty"`
	Current string `yaml:"current,oneof=keep|rotate|end" json:"current,omitempty"`
}

// Suspension says what switching an account off does to its sessions.
type Suspension struct {
	Sessions string `yaml:"sessions,required,oneof=end|suspend" json:"sessions"`
}

// ClientKind is a kind of client besides the plain wire one.
type ClientKind struct {
	Operations Operations `yaml:"operations,required" json:"operations"`
	Storage    *Storage   `yaml:"storage" json:"storage,omitempty"`
}

// Storage is what a client keeps on its own disk between calls.
type Storage struct {
	File       Template   `yaml:"file,required" json:"file"`
	Credential *Extractor `yaml:"credential,required" json:"credential"`
}

// Claim is how a client believes to be signed in without asking the server.
type Claim struct {
	Cookie string `yaml:"cookie,required" json:"cookie"`
}

// Page is one class of page; the selectors are CSS.
type Page struct {
	Path      Template `yaml:"path,required" json:"path"`
	SignedIn  string   `yaml:"signed_in" json:"signed_in,omitempty"`
	SignedOut string   `yaml:"signed_out" json:"signed_out,omitempty"`
	SignOut   string   `yaml:"sign_out" json:"sign_out,omitempty"`
	// Ready is an element that appears once scripts have done their work.
	Ready string `yaml:"ready" json:"ready,omitempty"`
	// Script pages show the truth only where scripts run.
	Script bool `yaml:"script" json:"script,omitempty"`
}

// Capabilities that `declares.without` may name besides operations.
var capabilities = []string{"cli", "browser", "claim", "connection", "pages", "second_route", "acting_creation"}
