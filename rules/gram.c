#include "rules/gram.h"

#include "base/alloc.h"

#include <limits.h>
#include <string.h>

/* The most common four letters in a row, the most common first: counted over a
 * dozen repositories, of code in C, Go, Python, Ruby, PHP, Java and TypeScript,
 * tests, documents and translations. */
static const char common[] =
	"tioneturturnretunameteststriringatiothistrinctiorequhttpconttype"
	"funcerrorrorfileportwithstatabledataabellabevalusioncurlalueions"
	"roottimeconfmentcomponfiformpathequeconsnfiguestcommquesmpleatch"
	"ptiofromtextstarnodeservonstontesizeasseexpesertresspectnullnter"
	"tingjectclasxpectatiunctparalassbelsountnctisseramplctorcallests"
	"angecodemethversreatcrealistuserreadinteinstaramcountruetraneate"
	"gstrmsgssgidsgstmsgierveersiindeormaheadtherransoptilatelockding"
	"strunstathatpendtrucructectoientndexhistmodeequiancebjecrsioreco"
	"quiruirestantiveistoublictedriesloadogragrammatcouldectepacksamp"
	"builemenpromexprrmatarrapublappettpsresomporlientogrclielinechar"
	"acticludconnobjervertricdatestogcaserentratiimpoendeserialseatic"
	"entsectihunkntexwritfaulaultvoidinclnclucketefaudefachecerieethe"
	"ecorssioauthfalsheckustaalloicatourcinfosoururcebackithudulegith"
	"thuboverndleatedrediwarecordetriefindefinderchunbliclicemetrstor"
	"moduodulpropresuightrangargealidvalisoftsinggrouhandcopyentister"
	"hostsultesulommaqualchanarseitercessometmandrrayodelriteshoulude"
	"houlcatitentandltwartriboftwftwaelseacheevenequammanbasecondpres"
	"ppeneratparsfineprotmetarespingsribuspecibuttatescriaderommimber"
	"tabltancrectmmitenseromeessirepoeconinittempilestarttaincoreaddr"
	"heustheutailremorintstinnneconneeadefailventreplnectblocgresbool"
	"oundceptedisitionteninatproglemevectsignrouptargicenespoprinpdat"
	"workhashternmainlectsponattrrogrcachrgetmplaemplcensposiquerning"
	"minaotheupdanatetoryitemonseplicherelocauildbutedireflagatorirec"
	"ontrclosositjsonointresenumbbyteogreprefplespoinumbeflasponspass"
	"rubyrightchellowailsturetracwhenriptcurrdescrrenhaveonlycripself"
	"uminansfscalplatbuckuckeisteillulenguratexcentaiterallumnentappl"
	"onenluminprollocifiecateentrpporontalicaopenctivlasksageethoatus"
	"taturateurreesouponefloaloatoperimplygemubygbygengthompoengtmerg"
	"secoparehangxcepergesforelemarenextetialviewrulesuppmakediffthod"
	"calelinknonelimiinpramesessaestastreendiagesimitermispacemptumen"
	"thouompaueryithoestiforemponfreewillnextusedracternadiscloseroto"
	"ffseoffsfsetnsfouppohoutvicealleregiesolockepacenablsynchtmltore";

#define COMMON_COUNT ((sizeof(common) - 1) / GRAM_LEN)
#define BUCKETS      2048 /* a power of two, a quarter full */

/* How often a byte stands anywhere, in 1,000: the letters of either case. */
static const unsigned char letters[] = { 42, 11, 28, 25, 74, 21, 17, 17, 47, 3,
	6, 26, 19, 42, 42, 20, 2, 45, 47, 63, 22, 7, 6, 5, 6, 3 };

struct gram_rates {
	uint32_t grams[BUCKETS]; /* 0: the bucket is free */
	uint16_t ranks[BUCKETS];
};

static size_t find(const struct gram_rates *rates, uint32_t gram)
{
	size_t at = gram * UINT32_C(2654435769) >> 21;
	while (rates->grams[at] && rates->grams[at] != gram)
		at = (at + 1) % BUCKETS;
	return at;
}

struct gram_rates *gram_rates_new(void)
{
	struct gram_rates *rates = xcalloc(1, sizeof(*rates));
	for (size_t rank = 0; rank < COMMON_COUNT; rank++) {
		uint32_t gram = gram_read(
			(const unsigned char *)common + rank * GRAM_LEN);
		size_t at = find(rates, gram);
		rates->grams[at] = gram;
		rates->ranks[at] = (uint16_t)rank;
	}
	return rates;
}

void gram_rates_free(struct gram_rates *rates)
{
	free(rates);
}

static double byte_rate(unsigned char byte)
{
	if (byte >= 'a' && byte <= 'z')
		return letters[byte - 'a'] / 1e3;
	if (byte == ' ')
		return 0.12;
	return byte && strchr("\x7f-=.,:;/\"'()*", byte) ? 0.01 : 0.003;
}

double gram_rate(const struct gram_rates *rates, uint32_t gram)
{
	size_t at = find(rates, gram);
	if (rates->grams[at]) /* by rank, as words of a language are */
		return 1.0 / (500 + 25 * rates->ranks[at]);
	double rate = 1;
	for (; gram; gram >>= CHAR_BIT)
		rate *= byte_rate((unsigned char)gram);
	return rate;
}
