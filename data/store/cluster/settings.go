package cluster

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"luodi/data/schema"
)

// The cluster's superuser, who owns the database of the same name, and the roles of the planners and of the public.
// The roles are made by data/schema; the cluster only lets them in.
const (
	Superuser   = "luodi"
	Database    = "luodi"
	PlannerRole = schema.PlannerRole
	PublicRole  = schema.PublicRole
)

// settingsFile is rewritten at each start, so that a newer luodi brings newer settings. localFile is the operator's,
// is read after it, and is never touched.
const (
	settingsFile = "luodi.conf"
	localFile    = "local.conf"
)

// includeLines end postgresql.conf, which initdb wrote with what it found out about the machine.
const includeLines = "\n# luodi rewrites luodi.conf at each start; your own settings go into local.conf.\n" +
	"include '" + settingsFile + "'\ninclude_if_exists '" + localFile + "'\n"

const (
	mb = 1 << 20
	gb = 1 << 30
)

// settings is the text of luodi.conf for a machine of memory bytes. docs/cluster.md gives the reasons.
func settings(memory uint64, logDir string) string {
	shared := clamp(memory/8, 64*mb, 1*gb)
	maintenance := clamp(memory/32, 64*mb, 512*mb)
	work := clamp(memory/512, 4*mb, 32*mb)
	var b strings.Builder
	b.WriteString("# Written by luodi at each start. Your own settings go into local.conf beside it.\n")
	for _, s := range [][2]string{
		{"max_connections", "100"},
		{"shared_buffers", megabytes(shared)},
		{"effective_cache_size", megabytes(max(memory/2, shared))},
		{"maintenance_work_mem", megabytes(maintenance)},
		{"work_mem", megabytes(work)},
		{"jit", "off"},
		{"random_page_cost", "1.1"},
		{"wal_level", "replica"},
		{"max_wal_senders", "4"},
		{"max_wal_size", "1GB"},
		{"min_wal_size", "80MB"},
		{"checkpoint_timeout", "5min"},
		{"timezone", "'UTC'"},
		{"log_timezone", "'UTC'"},
		{"lc_messages", "'C'"},
		{"log_destination", "'stderr'"},
		{"logging_collector", "on"},
		{"log_directory", quote(logDir)},
		{"log_filename", "'" + logPrefix + "%Y-%m-%d_%H%M%S" + logSuffix + "'"},
		{"log_file_mode", "0600"},
		{"log_rotation_age", "0"},
		{"log_rotation_size", "10MB"},
		{"log_line_prefix", "'%m [%p] %q%u@%d %a '"},
		{"log_min_duration_statement", "2s"},
		{"log_parameter_max_length", "0"},
		{"log_lock_waits", "on"},
		{"log_error_verbosity", "terse"}, // details repeat whole rows, those of contacts too
	} {
		fmt.Fprintf(&b, "%s = %s\n", s[0], s[1])
	}
	return b.String()
}

// fixed are the settings no file may change, so they go on the command line, which outranks local.conf and ALTER
// SYSTEM: who can come in, and that an acknowledged write is on the disk.
func fixed(socket string, more ...string) []string {
	var args []string
	for _, s := range append([]string{
		"listen_addresses=",
		"port=5432",
		"unix_socket_directories=" + quoteList(socket),
		"unix_socket_permissions=0700",
		"fsync=on",
		"full_page_writes=on",
		"restart_after_crash=on",
	}, more...) {
		args = append(args, "-c", s)
	}
	return args
}

// hba lets the roles in over the socket if the ident map knows the OS user on the other end. All else is refused.
func hba() string {
	roles := strings.Join([]string{Superuser, PlannerRole, PublicRole}, ",")
	return "# Written by luodi at each start.\n" +
		"local all " + roles + " peer map=luodi\n" +
		"local replication " + Superuser + " peer map=luodi\n"
}

// ident is the map of OS users to roles: each of users may be each of our roles.
func ident(users ...string) string {
	var b strings.Builder
	b.WriteString("# Written by luodi at each start.\n")
	seen := map[string]bool{}
	for _, u := range users {
		if seen[u] {
			continue
		}
		seen[u] = true
		for _, role := range []string{Superuser, PlannerRole, PublicRole} {
			fmt.Fprintf(&b, "luodi \"%s\" %s\n", u, role)
		}
	}
	return b.String()
}

// writeSettings puts the files a start reads into the cluster folder pg.
func (f folder) writeSettings(pg string) error {
	runner, err := runner()
	if err != nil {
		return err
	}
	for name, text := range map[string]string{
		settingsFile:    settings(memoryBytes(), f.log()),
		"pg_hba.conf":   hba(),
		"pg_ident.conf": ident(runner.name, f.owner.name),
	} {
		path := filepath.Join(pg, name)
		if old, err := os.ReadFile(path); err == nil && string(old) == text {
			continue
		}
		if err := writeWhole(path, text, f.owner); err != nil {
			return err
		}
	}
	return nil
}

func clamp(n, low, high uint64) uint64 { return min(max(n, low), high) }
func megabytes(n uint64) string        { return strconv.FormatUint(n/mb, 10) + "MB" }

// quote is s as a string of a settings file, where a backslash escapes.
func quote(s string) string { return "'" + strings.NewReplacer(`\`, `\\`, "'", "''").Replace(s) + "'" }

// quoteList is s as the one element of a setting that is a list of names.
func quoteList(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// memoryBytes is what this process may use: the machine's memory, or the control group's limit where that is less.
func memoryBytes() uint64 {
	memory := uint64(1 * gb)
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		for line := range bytes.Lines(text) {
			fields := strings.Fields(string(line))
			if len(fields) >= 2 && fields[0] == "MemTotal:" {
				if kb, err := strconv.ParseUint(fields[1], 10, 64); err == nil {
					memory = kb * 1024
				}
			}
		}
	}
	return min(memory, groupLimit())
}

// groupLimit is the least memory.max from this process's control group (version 2) up to the root.
func groupLimit() uint64 {
	limit := uint64(math.MaxUint64)
	text, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return limit
	}
	_, group, found := strings.Cut(strings.TrimSpace(string(text)), "0::")
	if !found {
		return limit
	}
	group, _, _ = strings.Cut(group, "\n")
	for at := filepath.Clean("/" + group); ; at = filepath.Dir(at) {
		if text, err := os.ReadFile(filepath.Join("/sys/fs/cgroup", at, "memory.max")); err == nil {
			if n, err := strconv.ParseUint(strings.TrimSpace(string(text)), 10, 64); err == nil {
				limit = min(limit, n)
			}
		}
		if at == "/" {
			return limit
		}
	}
}
