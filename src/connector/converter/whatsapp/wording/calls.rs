//! What the app writes of calls and places, in all its languages; texts are separated by `|`.

/// A voice call that nobody took; `{}` is a time.
pub(in super::super) const MISSED_VOICE: &str = "\
    Stemoproep gemis|Stemoproep gemis {}|مكالمة صوتية فائتة|مكالمة صوتية فائتة عند {}|Buraxılmış zəng|\
    Buraxılmış zəng {}|Пропуснато гласово обаждане|Пропуснато обаждане в {}|মিসড ভয়েস কল|\
    ভয়েস কল মিস করেছেন {} এ|Trucada de veu perduda|Trucada de veu perduda a les {}|Zmeškaný hlasový hovor|\
    Zmeškaný hlasový hovor v {}|Mistet opkald|Mistet opkald kl. {}|Verpasster Sprachanruf|\
    Verpasster Sprachanruf um {}|Αναπάντητη κλήση|Αναπάντητη κλήση στις {}|Missed voice call|\
    Missed voice call at {}|Llamada de voz perdida|Llamada de voz perdida a las {}|Vastamata häälkõne|\
    Vastamata häälkõne kell {}|تماس صوتی پاسخ داده نشده|تماس صوتی پاسخ داده نشده در {}|Vastaamaton äänipuhelu|\
    Vastaamaton äänipuhelu klo {}|Appel vocal manqué|Appel vocal manqué à {}|છૂટી ગયેલ ધ્વનિ કૉલ|\
    {} વાગે છૂટી ગયેલ ધ્વનિ કૉલ|שיחה קולית שלא נענתה|שיחה קולית שלא נענתה בשעה {}|छूटी हुई ध्वनि कॉल|\
    {} बजे छूटी हुई ध्वनि कॉल|Propušten glasovni poziv|Propušten glasovni poziv u {}|Nem fogadott hanghívás|\
    Nem fogadott hanghívás ekkor: {}|Panggilan suara tak terjawab|Panggilan suara tak terjawab pada {}|\
    Chiamata vocale persa|Chiamata vocale persa alle {}|不在着信|音声通話不在着信{}|Жауапсыз қоңырау|Жауапсыз қоңырау ({})|\
    ತಪ್ಪಿದ ಧ್ವನಿ ಕರೆ|{} ರಲ್ಲಿ ತಪ್ಪಿದ ಧ್ವನಿ ಕರೆ|부재중 전화|{} 부재중 전화|Praleistas balso skambutis|\
    Praleistas balso skambutis {}|Neatbildēts balss zvans|Neatbildēts balss zvans {}|Пропуштен гласовен повик|\
    Пропуштен гласовен повик во {}|വിളി നഷ്ടപ്പെട്ടു|വിളി നഷ്ടപ്പെട്ടു {}|मिस्ड व्हॉइस कॉल|\
    {} वाजता मिस्ड व्हॉइस कॉल|Panggilan suara terlepas|Panggilan suara terlepas pada {}|Tapt taleanrop|\
    Tapt anrop klokken {}|Gemiste spraakoproep|Gemiste spraakoproep om {}|ਮਿਸ ਹੋਈ ਆਵਾਜ਼ ਕਾਲ|\
    {} ਵਜੇ ਮਿਸ ਹੋਈ ਆਵਾਜ਼ ਕਾਲ|Nieodebrane połączenie|Nieodebrane połączenie o {}|Chamada de voz perdida|\
    Chamada de voz perdida às {}|Apel vocal nepreluat|Apel vocal nepreluat la {}|Пропущенный аудиозвонок|\
    Пропущенный аудиозвонок в {}|Zmeškaný hlasový hovor o {}|Zgrešen klic|Zgrešeni klic ob {}|\
    Thirrje e shmangur|Thirrje e shmangur në {}|Пропуштен гласовни позив|Пропуштен гласовни позив у {}|\
    Missat röstsamtal|Missat röstsamtal kl {}|Simu ya sauti uliyoikosa|Simu ya sauti uliyoikosa saa {}|\
    தவறிய குரல் அழைப்பு|{} மணிக்கு தவறிய குரல் அழைப்பு|మిస్సేడ్ వాయిస్ కాల్|{}లకు తప్పిన వాయిస్ కాల్ని|\
    สายที่ไม่ได้รับ|สายไม่ได้รับเมื่อ ({})|Nakaligtaang voice call|Nakaligtaang voice call kaninang {}|\
    Cevapsız sesli arama|Cevapsız sesli arama {}|Пропущений аудіодзвінок|Пропущений аудіодзвінок о {}|\
    چھوٹی ہوئی صوتی کال|{} بجے صوتی کال چھوٹی|O‘tkazib yub. ovozli qo‘ng‘iroq|\
    {} da o‘tkazib yub. ovozli qo‘ng‘iroq|Cuộc gọi nhỡ|Cuộc gji nhỡ lúc {}|未接语音通话|未接语音通话 - {}|未接語音通話|\
    未接語音通話 - {}|ভয়েস কল মিস করেছেন|Zmeškaný hovor|Ubesvaret taleopkald|\
    Verpasster Sprachanruf. Zum Zurückrufen tippen|Αναπάντητη βιντεοκλήση|Αναπάντητη φωνητική κλήση|\
    Missed voice call. Tap to call back|Llamada perdida|Glao Gutha Caillte|Guthghlao caillte|\
    છૂટી ગયેલો વોઇસ કૉલ|છૂટેલો વોઇસ કૉલ|मिस्ड वॉइस कॉल|वॉइस कॉल मिस हुई|Propušteni glasovni poziv|Tak Terjawab|\
    音声通話不在着信|Panggila suara terlepas|Gemist spraakgesprek|Nieodebrane poł|Nieodebrane poł. głosowe|\
    Apel vocal ratat|Missat samtal|مسڈ وائس کال";

/// A video call that nobody took; `{}` is a time.
pub(in super::super) const MISSED_VIDEO: &str = "\
    Video-oproep gemis|Video-oproep gemis {}|مكالمة فيديو فائتة|مكالمة فيديو فائتة عند {}|Buraxılmış video zəng|\
    Buraxılmış video zəng {}|Пропуснато видео обаждане|Пропуснато видео обаждане в {}|মিস করা ভিডিও কল|\
    ভিডিও কল মিস করেছেন {} তে|Trucada de vídeo perduda|Trucada de vídeo perduda a les {}|Zmeškaný videohovor|\
    Zmeškaný videohovor v {}|Mistede video opkald|mistede video opkald kl. {}|Verpasster Videoanruf|\
    Verpasster Videoanruf um {}|Αναπάντητη βιντεοκλήση|Αναπάντητη βιντεοκλήση στις {}|Missed video call|\
    Missed video call at {}|Videollamada perdida|Videollamada perdida a las {}|Vastamata videokõne|\
    Vastamata videokõne kell {}|تماس تصویری پاسخ داده نشده|تماس تصویری پاسخ داده نشده در{}|\
    Vastaamaton videopuhelu|Vastaamaton videopuhelu klo {}|Appel vidéo manqué|Appel vidéo manqué à {}|\
    છૂટી ગયેલ વિડિઓ કૉલ|{} વાગે છૂટી ગયેલ વિડિઓ કૉલ|שיחת וידאו שלא נענתה|שיחת וידאו שלא נענתה בשעה {}|\
    छूटी हुई विडियो कॉल|{} बजे छूटी हुई विडियो कॉल|Propušten video poziv|Propušten video poziv u {}|\
    Nem fogadott videóhívás|Nem fogadott videóhívás ekkor: {}|Panggilan video tak terjawab|\
    Panggilan video tak terjawab pada {}|Videochiamata persa|Videochiamata persa alle {}|ビデオ通話不在着信|{}ビデオ通話不在着信|\
    Жауапсыз видео қоңырау|Жауапсыз видео қоңырау ({})|ತಪ್ಪಿದ ದೃಶ್ಯ ಕರೆ|{}ರಲ್ಲಿ ತಪ್ಪಿದ ದೃಶ್ಯ ಕರೆ|부재중 영상통화|\
    {} 부재중 영상통화|Praleistas video skambutis|Praleistas video skambutis {}|Neatbildēts video zvans|\
    Neatbildēts video zvans {}|Пропуштен видео повик|Пропуштен видео повик во {}|നഷ്ടമായ വീഡിയോ കാൾ|\
    {} ന് വീഡിയോ കാൾ നഷ്ടമായി|मिस्ड व्हिडिओ कॉल|{} वाजता मिस्ड व्हिडिओ कॉल|Panggilan video terlepas|\
    Panggilan video terlepas pada {}|Tapt videosamtale|Tapt videosamtale klokken {}|Gemiste video-oproep|\
    Gemiste video-oproep om {}|ਮਿਸ ਹੋਈ ਵੀਡੀਓ ਕਾਲ|{} ਵਜੇ ਮਿਸ ਹੋਈ ਵੀਡੀਓ ਕਾਲ|Nieodebrane poł. wideo|\
    Nieodebrane poł. wideo o {}|Chamada de vídeo perdida|Chamada de vídeo perdida às {}|Videochamada perdida|\
    Videochamada perdida às {}|Apel video nepreluat|Apel video nepreluat la {}|Пропущенный видеозвонок|\
    Пропущенный видеозвонок в {}|Zmeškaný videohovor o {}|Neodgovorjen video klic|Zgrešen video klic ob {}|\
    Videothirrje e shmangur|Videothirrje e shmangur në {}|Пропуштен видео позив|Препуштен видео позив у {}|\
    Missat videosamtal|Missat videosamtal kl {}|Simu ya video uliyoikosa|Simu ya video uliyoikosa saa {}|\
    தவறிய காணொலி அழைப்பு|{} மணிக்கு தவறிய காணொலி அழைப்பு|తప్పిన వీడియోకాల్|మిస్సేడ్ వీడియో కాల్ {}|\
    สายโทรวิดีโอที่ไม่ได้รับ|สายโทรวิดีโอไม่ได้รับเมื่อ {}|Nakaligtaang video call|\
    Nakaligtaang video call kaninang {}|Cevapsız görüntülü arama|Cevapsız görüntülü arama {}|\
    Пропущений відеодзвінок|Пропущений відеодзвінок о {}|چھوٹی ہوئی ویڈیو کال|{} بجے ویڈیو کال چھوٹی|\
    O‘tkazib yub. videoqo‘ng‘iroq|{} da o‘tkazib yub. videoqo‘ng‘iroq|Cuộc gọi nhỡ video|\
    Cuộc gọi nhỡ video lúc {}|未接视频通话|未接视频通话 - {}|未接視像通話|未接視像通話 - {}|ভিডিও কল মিস করেছেন|Videotrucada perduda|\
    Ubesvaret videoopkald|Missed video call. Tap to call back|تماس تصویری بی‌پاسخ|Físghlao Caillte|\
    છૂટી ગયેલ વિડિયો કૉલ|मिस्ड वीडियो कॉल|Propušteni videopoziv|Nem fogadott videohívás|Tapt videoanrop|\
    Gemist videogesprek|Apel video ratat|วิดีโอคอลที่ไม่ได้รับ|مسڈ ویڈیو کال";

/// A voice call to a group that was not taken.
pub(in super::super) const MISSED_GROUP_VOICE: &str = "\
    مكالمة صوتية جماعية فائتة|মিস হওয়া গ্রুপ ভয়েস কল|Trucada de veu en grup perduda|Zmeškaný skupinový hovor|\
    Ubesvaret gruppetaleopkald|Ubesvaret gruppevideoopkald|Verpasster Gruppen-Sprachanruf|\
    Αναπάντητη Ομαδική Κλήση Ήχου|Αναπάντητη ομαδική φωνητική κλήση|Missed Group Voice Call|\
    Llamada grupal perdida|تماس صوتی گروهی پاسخ داده نشده|Vastaamaton ryhmä-äänipuhelu|\
    Appel vocal de groupe manqué|Cailleadh Guthghlao do Ghrúpa|Guthghlao grúpa a cailleadh|\
    છૂટી ગયેલાં ગ્રૂપ વોઇસ કૉલ|છૂટી ગયેલો ગ્રૂપ વોઇસ કૉલ|שיחה קולית קבוצתית שלא נענתה|ग्रुप वॉइस कॉल मिस हुई|\
    मिस्ड ग्रुप वॉइस कॉल|Propušteni grupni glasovni poziv|Nem fogadott csoportos hanghívás|\
    Panggilan Suara Grup Tak Terjawab|Chiamata vocale di gruppo persa|グループ音声通話不在着信|부재중 그룹 통화|\
    मिस्ड ग्रुप व्हॉइस कॉल|Panggilan Suara Grup Tidak Dijawab|Panggilan suara grup terlepas|\
    Tapt gruppetaleanrop|Gemist groepsgesprek|Nieodebrane grup. poł. głosowe|Chamada de voz em grupo perdida|\
    Apel vocal de grup ratat|Пропущенный групповой аудиозвонок|Missat gruppröstsamtal|Missat gruppvideosamtal|\
    สายโทรเสียงแบบกลุ่มที่ไม่ได้รับ|Cevapsız Sesli Grup Araması|Пропущений груповий аудіодзвінок|\
    مسڈ گروپ وائس کال|Cuộc gọi nhỡ nhóm|未接群组语音通话|未接群組語音通話";

/// A video call to a group that was not taken.
pub(in super::super) const MISSED_GROUP_VIDEO: &str = "\
    مكالمة فيديو جماعية فائتة|মিস হওয়া গ্রুপ ভিডিও কল|Videotrucada de grup perduda|\
    Zmeškaný skupinový videohovor|Ubesvaret gruppevideoopkald|Verpasster Gruppen-Videoanruf|\
    Αναπάντητη Ομαδική Βιντεοκλήση|Missed Group Video Call|Videollamada grupal perdida|\
    تماس تصویری گروهی پاسخ داده نشده|Vastaamaton ryhmävideopuhelu|Appel vidéo de groupe manqué|\
    Físghlao Grúpa A Cailleadh|છૂટી ગયેલો ગ્રૂપ વીડિયો કૉલ|שיחת וידאו קבוצתית שלא נענתה|मिस्ड ग्रुप वीडियो कॉल|\
    Propušteni grupni videopoziv|Nem fogadott csoportos videohívás|Panggilan Video Grup Tak Terjawab|\
    Videochiamata di gruppo persa|グループビデオ通話不在着信|부재중 그룹 영상통화|मिस्ड ग्रुप व्हिडिओ कॉल|\
    Panggilan Video Kumpulan Terlepas|Panggilan video grup terlepas|Tapt gruppevideoanrop|\
    Gemist groepsvideogesprek|Nieodebrane grupowe poł. wideo|Chamada de vídeo em grupo perdida|\
    Videochamada em grupo perdida|Apel video de grup ratat|Пропущенный групповой видеозвонок|\
    Missat gruppvideosamtal|วิดีโอคอลกลุ่มที่ไม่ได้รับ|Cevapsız Görüntülü Grup Araması|\
    Пропущений груповий відеодзвінок|مسڈ گروپ ویڈیو کال|Cuộc gọi nhỡ video nhóm|未接群组视频通话|未接群組視像通話";

/// A voice call; `{}` is a number of minutes.
pub(in super::super) const VOICE: &str = "\
    مكالمة صوتية|ভয়েস কল|Trucada de veu|Hlasový hovor|Taleopkald|Sprachanruf|Sprachanruf. {} Min|Φωνητική κλήση|\
    Voice call|Voice call. {} min|Llamada|تماس صوتی|Äänipuhelu|Appel vocal|Guthghlao|વોઇસ કૉલ|שיחה קולית|\
    वॉइस कॉल|Glasovni poziv|Hanghívás|Panggilan suara|Chiamata vocale|音声通話|음성통화|व्हॉइस कॉल|Taleanrop|\
    Spraakgesprek|Połączenie głosowe|Chamada de voz|Apel vocal|Аудиозвонок|Röstsamtal|การโทรเสียง|Sesli arama|\
    Аудіодзвінок|وائس کال|Cuộc gọi thoại|语音通话|語音通話";

/// A video call; `{}` is a number of minutes.
pub(in super::super) const VIDEO: &str = "\
    Videoanruf. {} Min|Video call. {} min|Video call|Videoanruf|Videollamada|Chamada de vídeo|Appel vidéo|\
    Videochiamata|Videogesprek|Видеозвонок|Görüntülü arama|Panggilan video|ビデオ通話|영상통화|视频通话|視訊通話";

/// A voice call without answer.
pub(in super::super) const VOICE_UNANSWERED: &str = "\
    Sprachanruf. Keine Antwort|Voice call. No answer";

/// A video call without answer.
pub(in super::super) const VIDEO_UNANSWERED: &str = "\
    Video call. No answer";

/// A live location was shared.
pub(in super::super) const LIVE_LOCATION: &str = "\
    regstreekse ligging gedeel|تمت مشاركة الموقع المباشر|canlı məkan paylaşılıb|\
    местоположение в реално време споделено|লাইভ অবস্থান শেয়ার করা হয়েছে|Ubicació en directe compartida|\
    byla sdílena aktuální poloha|live placering delt|Live-Standort wird geteilt|\
    η τωρινή τοποθεσία κοινοποιήθηκε|live location shared|ubicación en tiempo real compartida|\
    hetke asukoht jagatud|مکان زنده به اشتراک گذاشته شد|live-sijainti jaettu|Localisation en direct partagée|\
    જીવંત સ્થાન શેર કરાયું|משתף מיקום בשידור חי|लाइव स्थान साझा किया गया|trenutna lokacija podijeljena|\
    tartózkodási hely megosztva|Lokasi terkini dibagikan|posizione attuale condivisa|ライブロケーション共有|\
    қазіргі орынмен бөлісті|ನೇರ ಸ್ಥಳ ಹಂಚಿಕೊಳ್ಳಲಾಗಿದೆ|공유한 실시간 위치|tiesioginė vieta bendrinama|\
    reāllaika atrašanās vieta|споделено локација во живо|ലൈവ് ലൊക്കേഷൻ പങ്കിട്ടു|सध्याचे थेट ठिकाण शेअर केले|\
    lokasi terkini dikongsi|posisjon i sanntid delt|live locatie gedeeld|ਮੌਜੂਦਾ ਟਿਕਾਣਾ ਸਾਂਝਾ ਕੀਤਾ|\
    udostępniona transmisja położenia|localização atual compartilhada|Está a partilhar a sua localização|\
    locație în timp real distribuită|Геоданные отправлены|bola zdieľaná aktuálna poloha|\
    lokacija v živo je bila deljena|vendnodhja aktuale u shpërnda|Локација уживо подељена|liveposition delad|\
    mahali mubashara pameshirikishwa|இடம் நேரலையாக பகிரபட்டது|ప్రత్యక్ష స్థాన భాగస్వామ్యం|\
    ตำแหน่งปัจจุบันถูกแบ่งปัน|ibinahagi ang live na lokasyon|Mevcut konum paylaşıldı|геодані надіслано|\
    جاری مقام کا اشتراک ہوا|jonli joylashuv ulashildi|vị trí hiện thời được chia sẻ|共享实时位置|實時位置已分享";

/// The word before the colon and the address of a place.
pub(in super::super) const LOCATION: &str = "\
    ligging|الموقع|məkan|местоположение|অবস্থান|ubicació|poloha|placering|Standort|τοποθεσία|location|ubicación|\
    asukoht|موقعیت|sijainti|localisation|સ્થળ|מיקום|स्थान|lokacija|Helyzet|lokasi|posizione|位置情報|орналасуы|ಸ್ಥಳ|\
    위치|buvimo vieta|atrašanās vieta|локација|സ്ഥലം|posisjon|locatie|ਟਿਕਾਣਾ|położenie|localização|locație|\
    Vendndodhja|plats|Mahali|இருப்பிடம்|స్థలం|ตำแหน่งที่ตั้ง|lokasyon|konum|місцезнаходження|مقام|joylashuv|\
    vị trí|位置|লোকেশন|Lokation|مکان|Suíomh|લોકેશન|लोकेशन|Platsinfo|Розташування";
