//! Signed notes (C2SP `signed-note`): a text with Ed25519 signatures (RFC 8032) of whoever vouches for it.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use data_encoding::{BASE64, HEXLOWER};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// What the text of a signing key begins with.
const PRIVATE: &str = "PRIVATE+KEY+";

/// The type of signatures, which keys begin with.
const ED25519: u8 = 0x01;

/// What a signature line begins with: an em dash and a blank.
const SIGNATURE: &str = "\u{2014} ";

/// Bytes of the longest name of a key.
const LONGEST_NAME: usize = 255;

/// Signs that cannot be seen, or that turn round what stands beside them.
const INVISIBLE: [RangeInclusive<char>; 4] =
    ['\u{200B}'..='\u{200F}', '\u{202A}'..='\u{202E}', '\u{2060}'..='\u{206F}', '\u{FEFF}'..='\u{FEFF}'];

/// A key that signs, with the name of its owner. To be kept where nobody who can write to the archive can.
pub struct NoteSigner {
    name: String,
    key: SigningKey,
}

/// A key that signatures are checked with. Anybody may have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteVerifier {
    name: String,
    key: VerifyingKey,
}

impl NoteSigner {
    /// The key that grows out of 32 random bytes.
    ///
    /// # Errors
    /// The name is empty, or has a blank or a plus sign in it.
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Self, String> {
        let is_visible =
            |c: char| !c.is_whitespace() && !c.is_control() && !INVISIBLE.iter().any(|range| range.contains(&c));
        if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(|c| c != '+' && is_visible(c)) {
            return Err(format!(
                "the name of a key has 1 to {LONGEST_NAME} bytes, and no blanks, plus signs and invisible signs in it"
            ));
        }
        Ok(Self { name: name.to_owned(), key: SigningKey::from_bytes(seed) })
    }

    /// The key as it is kept in a file: a secret.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut bytes = Zeroizing::new(vec![ED25519]);
        bytes.extend_from_slice(Zeroizing::new(self.key.to_bytes()).as_slice());
        let id = HEXLOWER.encode(&self.verifier().id());
        Zeroizing::new(format!("{PRIVATE}{}+{id}+{}", self.name, BASE64.encode(&bytes)))
    }

    /// The key that checks what this one signs.
    pub fn verifier(&self) -> NoteVerifier {
        NoteVerifier { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// The line that signs `text`, which ends with a line feed.
    pub fn signature_line(&self, text: &str) -> String {
        let mut bytes = self.verifier().id().to_vec();
        bytes.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        format!("{SIGNATURE}{} {}\n", self.name, BASE64.encode(&bytes))
    }
}

impl FromStr for NoteSigner {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rest = text.trim().strip_prefix(PRIVATE).ok_or("this is no signing key")?;
        let (name, id, bytes) = parts(rest).ok_or("this is no signing key")?;
        let bytes = Zeroizing::new(bytes);
        let signer = Self::new(name, &bytes)?;
        if HEXLOWER.encode(&signer.verifier().id()) == id {
            Ok(signer)
        } else {
            Err("the signing key is damaged".into())
        }
    }
}

impl NoteVerifier {
    /// Whose key it is.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of `SHA-256(name || 0x0A || 0x01 || key)`, by which signatures name it.
    fn id(&self) -> [u8; 4] {
        let hash =
            Sha256::new().chain_update(&self.name).chain_update([b'\n', ED25519]).chain_update(self.key.as_bytes());
        let hash: [u8; 32] = hash.finalize().into();
        let [a, b, c, d, ..] = hash;
        [a, b, c, d]
    }

    /// The text of a note that this key has signed. Signatures of other keys do not matter.
    ///
    /// # Errors
    /// It is no signed note, this key has not signed it, or what it has signed is not this text.
    pub fn open<'n>(&self, note: &'n str) -> Result<&'n str, String> {
        // What mailers and editors do to a text; no signature survives that.
        if note.contains('\r') || note.starts_with('\u{FEFF}') || note.ends_with("\n\n") {
            return Err("its line ends or its ends were changed on its way: get it again as a file".to_owned());
        }
        let (text, signatures) = split(note).ok_or("it has no signature")?;
        let mut known = false;
        for line in signatures.lines() {
            let (name, signature) = line
                .strip_prefix(SIGNATURE)
                .and_then(|line| line.split_once(' '))
                .ok_or("a signature line is damaged")?;
            let bytes = BASE64.decode(signature.as_bytes()).map_err(|_| "a signature line is damaged")?;
            let Some((id, signature)) = bytes.split_first_chunk::<4>() else {
                return Err("a signature line is damaged".to_owned());
            };
            if name != self.name || *id != self.id() {
                continue;
            }
            let signature = Signature::from_slice(signature).map_err(|_| "a signature line is damaged")?;
            if self.key.verify_strict(text.as_bytes(), &signature).is_err() {
                return Err(format!("the signature of `{}` is of another text", self.name));
            }
            known = true;
        }
        if known { Ok(text) } else { Err(format!("`{}` has not signed it with this key", self.name)) }
    }
}

/// The text of a note with its last line feed, and its signature lines.
fn split(note: &str) -> Option<(&str, &str)> {
    let end = note.rfind("\n\n")? + 1;
    let signatures = note.get(end + 1..)?;
    (signatures.ends_with('\n')).then_some((note.get(..end)?, signatures))
}

impl fmt::Display for NoteVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![ED25519];
        bytes.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{}+{}", self.name, HEXLOWER.encode(&self.id()), BASE64.encode(&bytes))
    }
}

impl FromStr for NoteVerifier {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.starts_with(PRIVATE) {
            return Err(
                "this is the key that signs, a secret; say the one that was printed when it was made".to_owned()
            );
        }
        let bad = || "this is no key that signatures are checked with (NAME+ID+KEY)".to_owned();
        let (name, id, bytes) = parts(text).ok_or_else(bad)?;
        let key = VerifyingKey::from_bytes(&bytes).map_err(|_| bad())?;
        let verifier = Self { name: name.to_owned(), key };
        if HEXLOWER.encode(&verifier.id()) == id { Ok(verifier) } else { Err(bad()) }
    }
}

/// Name, id and key of the text of a key.
fn parts(text: &str) -> Option<(&str, &str, [u8; 32])> {
    let (name, rest) = text.split_once('+')?;
    let (id, key) = rest.split_once('+')?;
    let bytes = Zeroizing::new(BASE64.decode(key.as_bytes()).ok()?);
    let (kind, key) = bytes.split_first()?;
    Some((name, id, key.try_into().ok().filter(|_| *kind == ED25519 && !name.is_empty())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "custodia/x\n7\nroot\n";

    fn signer(name: &str, byte: u8) -> NoteSigner {
        NoteSigner::new(name, &[byte; 32]).unwrap()
    }

    fn note(signers: &[&NoteSigner]) -> String {
        signers.iter().fold(format!("{TEXT}\n"), |note, signer| note + &signer.signature_line(TEXT))
    }

    #[test]
    fn keys_come_back_from_their_text() {
        let signer = signer("custodia.example/log", 7);
        let again: NoteSigner = signer.to_text().parse().unwrap();
        assert_eq!(again.to_text(), signer.to_text());
        let verifier = signer.verifier();
        assert_eq!(verifier.to_string().parse(), Ok(verifier.clone()));
        assert!(signer.to_text().parse::<NoteVerifier>().is_err_and(|why| why.contains("secret")));
        for bad in ["", "x", "x+00000000+AQ==", &verifier.to_string().replacen("custodia", "other", 1)] {
            assert!(bad.parse::<NoteVerifier>().is_err(), "{bad}");
            assert!(bad.parse::<NoteSigner>().is_err(), "{bad}");
        }
        for name in ["", "a b", "a+b", "a\n"] {
            assert!(NoteSigner::new(name, &[0; 32]).is_err(), "{name}");
        }
    }

    #[test]
    fn what_one_key_signed_opens_with_it_alone() {
        let (ann, bob, eve) = (signer("ann", 1), signer("bob", 2), signer("ann", 3));
        let both = note(&[&ann, &bob]);
        assert_eq!((ann.verifier().open(&both), bob.verifier().open(&both)), (Ok(TEXT), Ok(TEXT)));
        assert!(eve.verifier().open(&both).is_err_and(|why| why.contains("has not signed")));
        assert!(ann.verifier().open(&note(&[&bob])).is_err());
        assert!(ann.verifier().open(TEXT).is_err());
        assert!(ann.verifier().open("").is_err());
    }

    #[test]
    fn no_other_text_passes() {
        let ann = signer("ann", 1);
        let note = note(&[&ann]);
        assert!(ann.verifier().open(&note.replace("\n7\n", "\n8\n")).is_err_and(|why| why.contains("another text")));
        for at in 0..note.len() {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= 1;
            if let Ok(changed) = String::from_utf8(bytes) {
                assert!(ann.verifier().open(&changed).is_err(), "{changed}");
            }
        }
        for end in 0..note.len() {
            if let Some(cut) = note.get(..end) {
                assert!(ann.verifier().open(cut).is_err(), "{cut}");
            }
        }
    }
}
