//! How much memory this process may take: the machine's, or less where a container or a service is given less.

#[cfg(target_os = "linux")]
use std::path::Path;

/// What part of a small memory DuckDB takes before it spills: the rest is for the features of all users, the model and the
/// system's own.
const PART: u64 = 5;
/// DuckDB takes that part up to this much; beyond it half of the part, since a large memory is shared with more.
const ENOUGH: u64 = 1 << 30;
/// DuckDB is given this much at least.
const LEAST: u64 = 128 << 20;
/// To sort or group so many events as a store holds, DuckDB is given this much for each: with more it is no faster, with half
/// of it a sort of 50 million rows fails.
const AN_EVENT: u64 = 40;
/// As much as it is given for few events.
const FEW_EVENTS: u64 = 224 << 20;

/// DuckDB's limit where nobody names one, such as `204MB`; none where the memory is not known here.
pub(super) fn for_duckdb() -> Option<String> {
    available().map(|bytes| format!("{}MB", part(bytes) / 1_000_000))
}

/// The same while it goes over all of so many events.
pub(super) fn for_events(events: u64) -> Option<String> {
    let most = part(available()?);
    let enough = events.saturating_mul(AN_EVENT).max(FEW_EVENTS);
    Some(format!("{}MB", enough.min(most) / 1_000_000))
}

/// What DuckDB takes of this many bytes.
fn part(bytes: u64) -> u64 {
    let part = bytes / PART;
    part.min(ENOUGH).max(part / 2).max(LEAST)
}

/// Bytes that this process may take.
#[cfg(target_os = "linux")]
fn available() -> Option<u64> {
    let read = |path: &Path| std::fs::read_to_string(path).ok();
    let machine = read(Path::new("/proc/meminfo")).and_then(|text| total(&text));
    let groups = read(Path::new("/proc/self/cgroup")).unwrap_or_default();
    let limits = folders(&groups)
        .into_iter()
        .flat_map(|(mount, path, file)| {
            // A group is bound by those above it, too; within a container the path may be the host's.
            let path = path.trim_matches('/').to_owned();
            let above: Vec<_> = Path::new(&path)
                .ancestors()
                .map(|group| Path::new(mount).join(group).join(file))
                .collect();
            above
                .into_iter()
                .filter_map(|file| read(&file)?.trim().parse::<u64>().ok())
        });
    limits.chain(machine).min()
}

#[cfg(not(target_os = "linux"))]
fn available() -> Option<u64> {
    None
}

/// `MemTotal` of /proc/meminfo, in bytes.
#[cfg(any(target_os = "linux", test))]
fn total(meminfo: &str) -> Option<u64> {
    let line = meminfo
        .lines()
        .find_map(|line| line.strip_prefix("MemTotal:"))?;
    let kilobytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    kilobytes.checked_mul(1024)
}

/// Where the groups of /proc/self/cgroup that bound memory stand: the mount, the group's path in it, the limit's file
/// (cgroups(7), both versions).
#[cfg(any(target_os = "linux", test))]
fn folders(groups: &str) -> Vec<(&'static str, String, &'static str)> {
    groups
        .lines()
        .filter_map(|line| {
            let mut parts = line.splitn(3, ':').skip(1);
            let (controllers, path) = (parts.next()?, parts.next()?.to_owned());
            if controllers.is_empty() {
                Some(("/sys/fs/cgroup", path, "memory.max"))
            } else {
                controllers
                    .split(',')
                    .any(|one| one == "memory")
                    .then_some(("/sys/fs/cgroup/memory", path, "memory.limit_in_bytes"))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_machine_and_both_kinds_of_groups_are_read() {
        assert_eq!(
            total("MemFree: 1 kB\nMemTotal:       2048 kB\n"),
            Some(2 << 20)
        );
        assert_eq!(total(""), None);
        assert_eq!(
            folders("5:cpu,memory:/a/b\n3:cpuset:/\n0::/user.slice\nodd"),
            [
                (
                    "/sys/fs/cgroup/memory",
                    "/a/b".to_owned(),
                    "memory.limit_in_bytes"
                ),
                ("/sys/fs/cgroup", "/user.slice".to_owned(), "memory.max"),
            ]
        );
    }

    #[test]
    fn a_small_memory_is_used_up_to_a_fifth_and_a_large_one_up_to_a_tenth() {
        let giga = 1 << 30;
        assert_eq!(part(0), LEAST);
        assert_eq!(part(giga), giga / 5);
        assert_eq!(part(5 * giga), giga);
        assert_eq!(part(8 * giga), giga);
        assert_eq!(part(20 * giga), 2 * giga);
    }

    #[test]
    fn a_limit_is_one_that_duckdb_reads() {
        let megabytes = |limit: Option<String>| -> u64 {
            let Some(limit) = limit else {
                return 128;
            };
            limit.strip_suffix("MB").unwrap().parse().unwrap()
        };
        let most = megabytes(for_duckdb());
        assert!(most >= 128);
        let few = megabytes(for_events(0));
        assert!((128..=most).contains(&few));
        assert_eq!(megabytes(for_events(u64::MAX)), most);
    }
}
