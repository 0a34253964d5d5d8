//! What the app writes of its own accord: who joined, who left, what was set.

use super::glyphs::is_mark;
use super::wording::safety::{INVITATIONS, SAFETY};

/// Bytes of the longest name that a notice of a security code is believed to hold.
const LONGEST_NAME: usize = 100;

/// Words in a notice, in small letters, with what it is about; the first that fits counts.
const NOTICES: [(&str, &str); 11] = [
    (
        "encryption",
        "end-to-end encrypted|end-to-end encryption|ende-zu-ende-verschl|extremo a extremo|ponta a ponta|ponto a ponto|\
         bout en bout|crittografia end-to-end|crittografati end-to-end|end-to-end versleuteld|сквозн",
    ),
    (
        "security_code",
        "security code|sicherheitsnummer|código de seguridad|código de segurança|code de sécurité|codice di sicurezza|\
         beveiligingscode|код безопасности",
    ),
    (
        "disappearing",
        "disappearing messages|message timer|selbstlöschende nachrichten|mensajes temporales|mensagens temporárias|\
         messages éphémères|messaggi effimeri|verdwijnende berichten|исчезающие сообщения",
    ),
    (
        "privacy",
        "advanced chat privacy|erweiterten chat-datenschutz|privacidad avanzada|privacidade avançada|\
         confidentialité avancée|privacy avanzata|geavanceerde chatprivacy",
    ),
    (
        "number_changed",
        "changed their phone number|changed to +|telefonnummer gewechselt|neue telefonnummer|cambió su número|\
         mudou de número|mudou o número|a changé de numéro|ha cambiato numero|telefoonnummer gewijzigd|\
         изменил номер|сменил номер",
    ),
    (
        "created",
        "created group|created this group|hat die gruppe erstellt|die gruppe \u{201e}|creó el grupo|criou o grupo|\
         criou este grupo|a créé le groupe|a créé ce groupe|ha creato il gruppo|ha creato questo gruppo|\
         heeft de groep gemaakt|heeft groep|создал группу|создал(а) группу|создал(-а) группу",
    ),
    (
        "renamed",
        "changed the subject|changed the group name|betreff|gruppennamen|cambió el asunto|cambió el nombre del grupo|\
         mudou o assunto|mudou o nome do grupo|a changé le sujet|a changé le nom|ha cambiato l'oggetto|\
         ha cambiato il nome|heeft het onderwerp|heeft de groepsnaam|изменил тему|изменил название|\
         изменил(а) название|изменил(-а) тему",
    ),
    (
        "removed",
        " removed | were removed| was removed|hat die gruppe verlassen|entfernt|eliminó a | expulsó a |removeu | a retiré |\
         ha rimosso |heeft verwijderd| удалил| salió del grupo| salió| saiu| a quitté| ha abbandonato|groep verlaten|\
         покинул| left the group",
    ),
    (
        "joined",
        " joined using| joined | added |was added|were added|hinzugefügt|beigetreten| añadió | se unió | adicionou | entrou |\
         a ajouté |a rejoint | ha aggiunto |è entrat|toegevoegd| добавил|присоединил",
    ),
    ("call", "started a call|started a video call|hat einen anruf gestartet|hat einen videoanruf gestartet"),
    (
        "settings",
        " changed | deleted this group's| an admin|this chat is with a business|you blocked|you unblocked|geändert|\
         cambió |mudou |a changé |ha cambiato |heeft gewijzigd| изменил|admin",
    ),
];

/// What stands before a colon in a notice and hardly in a name.
const BEFORE_COLON: &str = " added | changed | created group | removed | hat den betreff| hat die gruppe | hat den \
    gruppennamen| cambió el | creó el grupo | añadió | mudou o | criou o grupo | adicionou | a changé le | a créé le groupe | \
    a ajouté | ha cambiato l| ha creato il gruppo | ha aggiunto | heeft het onderwerp | heeft de groep| изменил| создал| добавил";

/// A text in small letters, with plain apostrophes and spaces and without direction marks.
fn folded(text: &str) -> String {
    let plain = text.chars().filter(|c| !is_mark(*c)).map(|c| match c {
        '\u{2019}' => '\'',
        '\u{a0}' | '\u{202f}' => ' ',
        c => c,
    });
    plain.flat_map(char::to_lowercase).collect()
}

/// What a notice is about; `None` if it is none that is known.
pub(super) fn subject(text: &str) -> Option<&'static str> {
    // Notices are short; what was typed need not be.
    let folded = folded(text.get(..text.len().min(1000)).unwrap_or(text));
    if folded.ends_with(" left") {
        return Some("removed");
    }
    let has = |words: &&str| words.split('|').any(|words| folded.contains(words));
    NOTICES.iter().find(|(_, words)| has(words)).map(|(subject, _)| *subject)
}

/// Whether a text is, from its beginning to its end, a notice of encryption or of a security code.
pub(super) fn is_whole(text: &str) -> bool {
    if text.len() > 1000 {
        return false;
    }
    let folded = folded(text);
    let text = folded.trim();
    let told = INVITATIONS.split('|').find_map(|invitation| text.strip_suffix(invitation)).unwrap_or(text).trim_end();
    SAFETY.split('|').any(|whole| match whole.split_once("{}") {
        None => told == whole,
        Some((before, after)) => {
            let name = told.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
            name.is_some_and(|name| (1..=LONGEST_NAME).contains(&name.len()) && !name.contains(['\n', ':', '?', '!']))
        }
    })
}

/// Whether a text has words that hardly stand elsewhere than in a notice: of encryption, or of a security code.
pub(super) fn is_certain(text: &str) -> bool {
    text.len() < 1000 && matches!(subject(text), Some("encryption" | "security_code" | "privacy"))
}

/// Whether what stands before a colon is the beginning of a notice instead of a name.
pub(super) fn tells(before: &str) -> bool {
    if before.len() > 1000 {
        return true;
    }
    let folded = folded(before);
    quotes(before) || folded.ends_with(" left") || BEFORE_COLON.split('|').any(|words| folded.contains(words))
}

/// Whether a text ends inside of quotation marks.
fn quotes(text: &str) -> bool {
    text.chars().fold(false, |inside, c| match c {
        '"' | '\u{201c}' => !inside,
        '\u{201e}' | '\u{ab}' => true,
        '\u{201d}' | '\u{201f}' | '\u{bb}' => false,
        _ => inside,
    })
}

/// The numbers of a notice that somebody has another one: the old and the new, if both are written.
pub(super) fn numbers(text: &str) -> Option<(String, String)> {
    let (old, new) = text.split_once(" changed to ")?;
    let (old, new) = (super::author::number(old.trim()), super::author::number(new.trim().trim_end_matches('.')));
    (!old.is_empty() && !new.is_empty()).then_some((old, new))
}
