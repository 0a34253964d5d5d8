//! Places at which a test ends the process, to see what a kill leaves.

/// The environment variable that names the place, in debug builds.
const VARIABLE: &str = "CUSTODIA_TEST_FAIL";

/// Ends the process here as a kill would, if a debug build is told so; nothing in a release build.
pub(super) fn fail_point(place: &str) {
    if cfg!(debug_assertions) && std::env::var_os(VARIABLE).is_some_and(|wanted| wanted == place) {
        std::process::abort();
    }
}
