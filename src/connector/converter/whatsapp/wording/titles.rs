//! How the app names an exported chat, in all its languages; texts are separated by `|`.

/// The file name without its ending; `{}` is the title of the chat.
pub(in super::super) const TITLES: &str = "\
    WhatsApp Gesprek met {}|دردشة واتساب مع {}|{} ilə WhatsApp Söhbəti|WhatsApp Чат с {}|\
    {} এর সাথে WhatsApp চ্যাট|Xat de WhatsApp amb {}|Chat WhatsApp s uživatelem {}|WhatsApp chat med {}|\
    WhatsApp Chat mit {}|Συνομιλία WhatsApp με {}|WhatsApp Chat with {}|Chat de WhatsApp con {}|\
    WhatsApp'i vestlus kontaktiga {}|گفتگوی WhatsApp با {}|WhatsApp-keskustelu henkilön {} kanssa|\
    Discussion WhatsApp avec {}|{} સાથેની WhatsApp વાત|צ'אט WhatsApp עם {}|{} के साथ WhatsApp चैट|\
    WhatsApp razgovor s {}|WhatsApp csevegés vele: {}|Chat WhatsApp dengan {}|Chat WhatsApp con {}|\
    {}とのWhatsAppチャット|WhatsApp чат: {}|{} ಜೊತೆ WhatsApp ಸಂಭಾಷಣೆ|{}님과의 WhatsApp 대화|WhatsApp pokalbis su {}|\
    WhatsApp sarakste ar {}|WhatsApp разговор со {}|{} മായുള്ള WhatsApp ചാറ്റുകൾ|{} सोबतच्या WhatsApp गप्पा|\
    Sembang WhatsApp dengan {}|WhatsApp-samtale med {}|WhatsApp-chat met {}|{} ਨਾਲ WhatsApp ਗੱਲਬਾਤ|\
    Czat WhatsApp z {}|Conversa do WhatsApp com {}|Conversa no WhatsApp com {}|Conversație WhatsApp cu {}|\
    Чат WhatsApp с {}|WhatsApp chat s používateľom {}|WhatsApp klepet z {}|Biseda me {} në WhatsApp|\
    WhatsApp Ћаскање са {}|WhatsApp-chatt med {}|Soga za WhatsApp na {}|{} உடன் WhatsApp உரையாடல்|\
    {} తో WhatsApp సంభాషణ|แชท WhatsApp กับ {}|WhatsApp Chat kay {}|{} ile WhatsApp Sohbeti|Бесіда WhatsApp з {}|\
    {} کے ساتھ WhatsApp بات چیت|{} bilan WhatsApp chati|Trò chuyện WhatsApp với {}|WhatsApp 与 {} 的对话|\
    WhatsApp 與 {} 的對話";
