//! The whole texts of the notices of encryption and of security codes, in small letters; texts are separated by `|`.

/// The notices without the sentence that invites to tap on them; `{}` is a name.
pub(in super::super) const SAFETY: &str = "\
    messages and calls are end-to-end encrypted. no one outside of this chat, not even whatsapp, can read or listen to \
    them.|messages and calls are end-to-end encrypted. only people in this chat can read, listen to, or share them.|\
    messages to this chat and calls are now secured with end-to-end encryption.|\
    messages to this group are now secured with end-to-end encryption.|your security code with {} changed.|\
    {}'s security code changed.|\
    nachrichten und anrufe sind ende-zu-ende-verschlüsselt. niemand außerhalb dieses chats kann sie lesen oder anhören, \
    nicht einmal whatsapp.|deine sicherheitsnummer für {} hat sich geändert.|\
    los mensajes y las llamadas están cifrados de extremo a extremo. nadie fuera de este chat, ni siquiera whatsapp, \
    puede leerlos ni escucharlos.|cambió tu código de seguridad con {}.|\
    as mensagens e chamadas são encriptadas ponto a ponto. ninguém fora desta conversa, nem mesmo o whatsapp, pode ler ou \
    ouvi-las.|as mensagens e as chamadas são protegidas com a criptografia de ponta a ponta. ninguém fora desta \
    conversa, nem mesmo o whatsapp, pode ler ou ouvi-las.|o seu código de segurança partilhado com {} mudou.|\
    seu código de segurança com {} mudou.|\
    les messages et les appels sont chiffrés de bout en bout. aucun tiers, pas même whatsapp, ne peut les lire ou les \
    écouter.|votre code de sécurité avec {} a changé.|\
    i messaggi e le chiamate sono crittografati end-to-end. nessuno al di fuori di questa chat, nemmeno whatsapp, può \
    leggerli o ascoltarli.|il tuo codice di sicurezza con {} è cambiato.|\
    berichten en oproepen worden end-to-end versleuteld. niemand buiten deze chat kan ze lezen of beluisteren, zelfs \
    whatsapp niet.|je beveiligingscode met {} is gewijzigd.|\
    сообщения и звонки защищены сквозным шифрованием. третьи лица, включая whatsapp, не могут прочитать ваши сообщения \
    или прослушать звонки.|ваш код безопасности с контактом {} изменился.";

/// The sentence that invites to tap on a notice.
pub(in super::super) const INVITATIONS: &str = "tap to learn more.|learn more.|tap for more info.|\
    tippe, um mehr zu erfahren.|pulsa para obtener más información.|toca para obtener más información.|\
    toque para saber mais.|appuyez pour en savoir plus.|tocca per saperne di più.|tik voor meer informatie.|подробнее.";
