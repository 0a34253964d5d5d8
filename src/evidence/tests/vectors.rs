//! Known roots, and vectors of other implementations.

use data_encoding::BASE64;
use serde_json::Value;

use super::super::{TreeHash, root, verify_consistency, verify_inclusion};
use super::Log;

/// The roots of the first trees over the eight records that implementations of RFC 6962 share.
#[test]
fn the_known_roots_come_out() {
    let mut log = Log::default();
    let records: [&[u8]; 8] = [b"", b"\x00", b"\x10", b" !", b"01", b"@ABC", b"PQRSTUVW", b"`abcdefghijklmno"];
    for record in records {
        log.push(record);
    }
    for (size, expected) in [
        (0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"),
        (3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77"),
        (8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
    ] {
        let Ok(found) = root(size, |level, index| log.read(level, index));
        assert_eq!(found.to_string(), expected);
        assert_eq!(expected.to_uppercase().parse::<TreeHash>(), Ok(found));
    }
}

#[test]
fn a_hash_has_64_hexadecimal_digits() {
    for text in ["", "00", &"0".repeat(63), &"0".repeat(66), &"g".repeat(64)] {
        assert!(text.parse::<TreeHash>().is_err(), "{text}");
    }
    assert!(TreeHash::try_from([0; 31].as_slice()).is_err());
    assert!(TreeHash::try_from([0; 33].as_slice()).is_err());
}

#[test]
fn every_known_root_of_the_shared_file_comes_out() {
    let Some(file) = shared("roots.json") else { return };
    let mut log = Log::default();
    for (size, expected) in file["roots_hex"].as_array().unwrap().iter().enumerate() {
        let Ok(found) = root(size as u64, |level, index| log.read(level, index));
        assert_eq!(found.to_string(), expected.as_str().unwrap(), "size {size}");
        if let Some(record) = file["leaves_hex"].get(size) {
            log.push(&data_encoding::HEXLOWER.decode(record.as_str().unwrap().as_bytes()).unwrap());
        }
    }
    assert_eq!(log.leaves.len(), 8);
}

#[test]
fn every_shared_inclusion_vector_is_judged_right() {
    let stricter = judge("inclusion.json", |case| {
        let (leaf, root, proof) = (hash(&case["leafHash"])?, hash(&case["root"])?, hashes(&case["proof"])?);
        verify_inclusion(leaf, number(&case["leafIdx"]), number(&case["treeSize"]), root, &proof)
            .map_err(|error| error.to_string())
    });
    assert!(stricter.is_empty(), "{stricter:?}");
}

/// One vector takes two equal roots that are shorter than a hash for the same tree; here these are no roots at all.
#[test]
fn every_shared_consistency_vector_is_judged_right() {
    let stricter = judge("consistency.json", |case| {
        let (old, new, proof) = (hash(&case["root1"])?, hash(&case["root2"])?, hashes(&case["proof"])?);
        verify_consistency(number(&case["size1"]), number(&case["size2"]), old, new, &proof)
            .map_err(|error| error.to_string())
    });
    assert!(stricter.iter().all(|reason| reason.starts_with("a tree hash has 32 bytes")), "{stricter:?}");
    assert!(stricter.len() <= 1, "{stricter:?}");
}

/// Fails if a vector to refuse is accepted; gives the reasons for which others were refused.
fn judge(name: &str, verify: impl Fn(&Value) -> Result<(), String>) -> Vec<String> {
    let Some(file) = shared(name) else { return Vec::new() };
    let cases = file.as_array().unwrap();
    assert_eq!(cases.len(), 98);
    let mut stricter = Vec::new();
    for case in cases {
        match (verify(case), case["wantErr"].as_bool().unwrap()) {
            (Ok(()), false) | (Err(_), true) => {}
            (Ok(()), true) => panic!("{} was accepted: {}", case["file"], case["desc"]),
            (Err(reason), false) => stricter.push(reason),
        }
    }
    stricter
}

fn shared(name: &str) -> Option<Value> {
    let Some(folder) = std::env::var_os("CUSTODIA_SHARED") else {
        eprintln!("skipped: CUSTODIA_SHARED is not set");
        return None;
    };
    let path = std::path::Path::new(&folder).join("samples/legal/merkle").join(name);
    Some(serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap())
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

fn hash(value: &Value) -> Result<TreeHash, String> {
    let bytes = BASE64.decode(value.as_str().unwrap_or_default().as_bytes()).map_err(|error| error.to_string())?;
    TreeHash::try_from(bytes.as_slice())
}

fn hashes(value: &Value) -> Result<Vec<TreeHash>, String> {
    value.as_array().map_or(Ok(Vec::new()), |all| all.iter().map(hash).collect())
}
