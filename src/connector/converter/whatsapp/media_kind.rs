//! What a media file is, by its name.

/// What the name of a media file tells: the word for `/content`, and the media type (empty if unknown).
pub(super) fn media_kind(name: &str) -> (&'static str, &'static str) {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let media_type = media_type(&ending);
    let upper = name.to_ascii_uppercase();
    let starts = |prefix: &str| upper.starts_with(prefix);
    let holds = |word: &str| upper.contains(word);
    let content = if starts("PTT-") {
        "voice"
    } else if starts("STK-") || holds("-STICKER-") {
        "sticker"
    } else if starts("GIF-") || holds("-GIF-") {
        "gif"
    } else if starts("DOC-") {
        "document"
    } else if ending == "vcf" {
        "contact"
    } else if starts("IMG-") || holds("-PHOTO-") {
        "image"
    } else if starts("VID-") || holds("-VIDEO-") {
        "video"
    } else if holds("-AUDIO-") && ending == "opus" {
        "voice"
    } else if starts("AUD-") || holds("-AUDIO-") {
        "audio"
    } else {
        media_type.split('/').next().filter(|kind| ["image", "video", "audio"].contains(kind)).unwrap_or("document")
    };
    (content, media_type)
}

fn media_type(ending: &str) -> &'static str {
    match ending {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "heic" => "image/heic",
        "mp4" => "video/mp4",
        "mov" => "video/quicktime",
        "3gp" => "video/3gpp",
        "opus" | "ogg" => "audio/ogg",
        "m4a" => "audio/mp4",
        "mp3" => "audio/mpeg",
        "aac" => "audio/aac",
        "amr" => "audio/amr",
        "wav" => "audio/wav",
        "vcf" => "text/vcard",
        "pdf" => "application/pdf",
        "txt" => "text/plain",
        "csv" => "text/csv",
        "doc" => "application/msword",
        "xls" => "application/vnd.ms-excel",
        "ppt" => "application/vnd.ms-powerpoint",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "zip" => "application/zip",
        _ => "",
    }
}
